package dev.facet.quantization.adapter.persistence;

import dev.facet.quantization.domain.importing.TaskState;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;

/** Row of a task. */
@Entity
@Table(name = "import_task")
class TaskEntity {
  @EmbeddedId TaskId id;

  @Column(nullable = false)
  String model;

  @Column(nullable = false)
  long cost;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  TaskState state;

  @Column(nullable = false)
  int attempt;

  String worker;

  @Column(name = "lease_until")
  Instant leaseUntil;

  @Column(name = "offered_at")
  Instant offeredAt;

  String result;
}
