package dev.facet.telemetry.adapter.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A published model. */
@Entity
@Table(name = "catalogue_model")
public class CatalogueModelEntity {
  @Id String model;

  @Column(nullable = false)
  String revision;

  @Column(name = "published_at", nullable = false)
  Instant publishedAt;

  @Column(name = "revised_at", nullable = false)
  Instant revisedAt;

  protected CatalogueModelEntity() {}

  CatalogueModelEntity(String model) {
    this.model = model;
  }
}
