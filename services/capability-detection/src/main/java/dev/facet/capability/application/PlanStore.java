package dev.facet.capability.application;

import dev.facet.capability.domain.plan.Plan;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.UUID;

/** Plans that were handed out, so that support can look one up. */
public interface PlanStore {
  /** Keeps a plan; keeping it again changes nothing. */
  Uni<Void> add(Plan plan);

  Uni<Optional<Plan>> find(UUID plan);
}
