package dev.facet.quantization.application;

import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.outbox.Outbox;
import dev.facet.kernel.problem.NotFound;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Set;

/**
 * Takes a model back. Its blobs stay, since other models and running downloads may share them; what
 * a calibration under way has stored serves no other and goes.
 */
@ApplicationScoped
public class WithdrawModel {
  private final ModelRepository models;
  private final TaskRepository tasks;
  private final FetchRepository fetches;
  private final StoredCalibration calibration;
  private final Outbox outbox;

  WithdrawModel(
      ModelRepository models,
      TaskRepository tasks,
      FetchRepository fetches,
      StoredCalibration calibration,
      Outbox outbox) {
    this.fetches = fetches;
    this.models = models;
    this.tasks = tasks;
    this.calibration = calibration;
    this.outbox = outbox;
  }

  /** Removes the model, ends a running import and tells the others; fails with {@link NotFound}. */
  public Uni<Void> withdraw(ModelId id) {
    return fetches
        .remove(id)
        .chain(
            fetched ->
                withdrawModel(id)
                    .onFailure(failure -> fetched && failure instanceof NotFound)
                    .recoverWithNull());
  }

  private Uni<Void> withdrawModel(ModelId id) {
    return Panache.withTransaction(
            () ->
                models
                    .lock(id)
                    .onItem()
                    .ifNull()
                    .failWith(() -> new NotFound("model", id.value()))
                    .chain(this::remove))
        .chain(this::clear);
  }

  private Uni<StepResults> remove(ImportedModel model) {
    return tasks
        .results(model.importId(), Set.of(ImportStep.OBSERVATION))
        .chain(
            seen ->
                models.remove(model).chain(() -> tell(model)).replaceWith(new StepResults(seen)));
  }

  private Uni<Void> clear(StepResults seen) {
    return OffLoop.run(
        Infrastructure.getDefaultWorkerPool(),
        () -> {
          calibration.removeAll(seen);
          return null;
        });
  }

  /** Others know only of published models. */
  private Uni<Void> tell(ImportedModel model) {
    return model.publication() != null
        ? outbox.append(new ModelWithdrawn(model.id().value(), Instant.now()))
        : Uni.createFrom().voidItem();
  }
}
