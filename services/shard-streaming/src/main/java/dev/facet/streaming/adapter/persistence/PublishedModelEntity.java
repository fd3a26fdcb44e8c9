package dev.facet.streaming.adapter.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;

/** A published revision of a model: the event as it came. */
@Entity
@Table(name = "published_model")
@IdClass(PublishedModelEntity.Key.class)
class PublishedModelEntity {
  /** Model and revision. */
  record Key(String model, String revision) {}

  @Id String model;

  @Id String revision;

  @Column(name = "published_at", nullable = false)
  Instant publishedAt;

  @ColumnTransformer(read = "cast(document as text)")
  @Column(nullable = false)
  String document;
}
