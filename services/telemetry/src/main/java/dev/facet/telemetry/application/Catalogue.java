package dev.facet.telemetry.application;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.telemetry.domain.tuner.Rung;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The published models, as far as the tuner needs them. All calls join the open transaction. */
public interface Catalogue {
  /**
   * A published model.
   *
   * @param revisedAt when its present weights were first published
   * @param rungs points of the tuner's ladder
   */
  record Model(Instant revisedAt, List<Rung> rungs) {}

  /** Stores a publication; one older than what is stored is ignored. */
  Uni<Void> publish(ModelPublished model);

  /** Forgets a model, its points and its policies. */
  Uni<Void> withdraw(String model, Instant withdrawnAt);

  /** Empty while the model is unknown. */
  Uni<Optional<Model>> find(String model, String ladder);
}
