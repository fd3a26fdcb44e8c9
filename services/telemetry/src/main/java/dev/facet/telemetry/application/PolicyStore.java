package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.tuner.Policy;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import dev.facet.telemetry.domain.tuner.Vote;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Policies with their history, and the votes they rest on. All calls join the open transaction. */
public interface PolicyStore {
  /**
   * The policy, locked until the transaction ends so that one replica decides at a time.
   *
   * @param initial stored where there is none
   */
  Uni<Policy> lock(Policy initial);

  /** Stores a policy whose lock is held, its newest change included if it is new. */
  Uni<Void> save(Policy policy, boolean changed);

  Uni<Optional<Policy>> find(PolicyKey key);

  Uni<Boolean> exists(PolicyKey key);

  /** All policies, by model and device class. */
  Uni<List<Policy>> all();

  /**
   * The latest vote of each session and point after an instant; at most some thousand, the newest.
   */
  Uni<List<Vote>> votes(PolicyKey key, Instant since);

  /**
   * Where votes were recorded since a policy was last evaluated, or where there is no policy yet.
   */
  Uni<List<PolicyKey>> unsettled();

  /** Pairs with policies or votes of a model. */
  Uni<List<PolicyKey>> keysOf(String model);
}
