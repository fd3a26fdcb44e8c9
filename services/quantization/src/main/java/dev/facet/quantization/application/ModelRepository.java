package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.domain.importing.ImportedModel;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.UUID;

/** Stored models. Every call belongs in an open transaction or session. */
public interface ModelRepository {
  /** The model, or null. */
  Uni<ImportedModel> find(ModelId id);

  /** The model of that run of an import, or null if it was withdrawn or begun anew. */
  Uni<ImportedModel> findByImport(UUID importId);

  /** The same, its row locked until the transaction ends: steps of one import follow each other. */
  Uni<ImportedModel> lockByImport(UUID importId);

  /** The model with its row locked, or null. */
  Uni<ImportedModel> lock(ModelId id);

  /** All models by id. */
  Uni<List<ImportedModel>> list();

  /** Stores a new model; fails with {@link ConcurrentImport} if its id was taken meanwhile. */
  Uni<Void> add(ImportedModel model);

  /** Stores the next state of a locked model. */
  Uni<Void> update(ImportedModel model);

  /** Removes a locked model and its tasks. */
  Uni<Void> remove(ImportedModel model);
}
