package dev.facet.capability.adapter.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;

/** A stored report; class and description are for operators' queries. */
@Entity
@Table(name = "device_profile")
class DeviceProfileEntity {
  @Id UUID id;

  @Column(name = "device_class", nullable = false)
  String deviceClass;

  @Column(nullable = false)
  String description;

  @ColumnTransformer(read = "cast(report as text)")
  @Column(nullable = false)
  String report;
}
