package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.problem.NotFound;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.ModelNotPublished;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Looks at models. */
@ApplicationScoped
public class BrowseModels {
  private final ModelRepository models;

  BrowseModels(ModelRepository models) {
    this.models = models;
  }

  /** All models by id. */
  public Uni<List<ImportedModel>> all() {
    return Panache.withSession(models::list);
  }

  /** One model; fails with {@link NotFound} if there is none of that id. */
  public Uni<ImportedModel> one(ModelId id) {
    return Panache.withSession(() -> models.find(id))
        .onItem()
        .ifNull()
        .failWith(() -> new NotFound("model", id.value()));
  }

  /**
   * One published model; fails with {@link ModelNotPublished} if it is not yet, or never will be.
   */
  public Uni<ImportedModel> published(ModelId id) {
    return one(id)
        .invoke(
            model -> {
              if (model.publication() == null) {
                throw new ModelNotPublished(model);
              }
            });
  }
}
