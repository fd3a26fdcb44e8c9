package dev.facet.capability.adapter.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;

/** The tuner's word on a model and device class. */
@Entity
@Table(name = "catalogue_preference")
@IdClass(PreferenceEntity.Key.class)
class PreferenceEntity {
  /** Model and device class. */
  record Key(String model, String deviceClass) {}

  @Id String model;

  @Id
  @Column(name = "device_class")
  String deviceClass;

  @Column(nullable = false)
  String point;

  @Column(nullable = false)
  String reason;

  @Column(name = "decided_at", nullable = false)
  Instant decidedAt;
}
