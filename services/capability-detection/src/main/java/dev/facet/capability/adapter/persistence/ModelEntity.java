package dev.facet.capability.adapter.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;

/** A published model: the event as it came. */
@Entity
@Table(name = "catalogue_model")
class ModelEntity {
  @Id String model;

  @Column(name = "published_at", nullable = false)
  Instant publishedAt;

  @ColumnTransformer(read = "cast(document as text)")
  @Column(nullable = false)
  String document;
}
