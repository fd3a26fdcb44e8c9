package dev.facet.capability.adapter.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;

/** A plan that was handed out. */
@Entity
@Table(name = "plan")
class PlanEntity {
  @Id UUID id;

  @Column(nullable = false)
  UUID profile;

  @Column(nullable = false)
  String model;

  @Column(nullable = false)
  String bundle;

  @ColumnTransformer(read = "cast(document as text)")
  @Column(nullable = false)
  String document;
}
