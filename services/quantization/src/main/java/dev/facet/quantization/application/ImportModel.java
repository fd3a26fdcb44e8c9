package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportState;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.ModelExists;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;

/** Begins imports. */
@ApplicationScoped
public class ImportModel {
  private static final int RETRIES = 3;

  private final ImportPreparation preparation;
  private final ModelRepository models;
  private final TaskRepository tasks;
  private final OfferTasks offers;

  ImportModel(
      ImportPreparation preparation,
      ModelRepository models,
      TaskRepository tasks,
      OfferTasks offers) {
    this.preparation = preparation;
    this.models = models;
    this.tasks = tasks;
    this.offers = offers;
  }

  /**
   * Checks a checkpoint and stores its import with all its tasks. The same content under the same
   * id is not imported twice, unless it failed before; other content fails with {@link
   * ModelExists}.
   *
   * @return the model as stored
   */
  public Uni<ImportedModel> begin(ImportRequest request) {
    return OffLoop.run(Infrastructure.getDefaultWorkerPool(), () -> preparation.prepare(request))
        .chain(
            prepared ->
                Panache.withTransaction(() -> store(prepared))
                    .onFailure(ConcurrentImport.class)
                    .retry()
                    .atMost(RETRIES));
  }

  private Uni<ImportedModel> store(PreparedImport prepared) {
    return models
        .lock(prepared.model().id())
        .chain(existing -> existing == null ? add(prepared) : settle(existing, prepared));
  }

  private Uni<ImportedModel> settle(ImportedModel existing, PreparedImport prepared) {
    if (existing.course().state() == ImportState.FAILED) {
      return models.remove(existing).chain(() -> add(prepared));
    }
    String revision = prepared.model().revision();
    return existing.revision().equals(revision)
        ? Uni.createFrom().item(existing)
        : Uni.createFrom().failure(new ModelExists(existing, revision));
  }

  private Uni<ImportedModel> add(PreparedImport prepared) {
    return models
        .add(prepared.model())
        .chain(() -> tasks.addAll(prepared.tasks()))
        .chain(() -> offers.tell(prepared.offered()))
        .replaceWith(prepared.model());
  }
}
