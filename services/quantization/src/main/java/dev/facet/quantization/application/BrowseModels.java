package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.problem.NotFound;
import dev.facet.quantization.domain.importing.Fetch;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.ModelNotPublished;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Looks at models. */
@ApplicationScoped
public class BrowseModels {
  private final ModelRepository models;
  private final FetchRepository fetches;

  BrowseModels(ModelRepository models, FetchRepository fetches) {
    this.models = models;
    this.fetches = fetches;
  }

  /** All models by id, those that are still fetched too. */
  public Uni<List<ModelState>> all() {
    return Panache.withSession(models::list)
        .chain(imported -> fetches.list().map(fetched -> joined(imported, fetched)));
  }

  private static List<ModelState> joined(List<ImportedModel> models, List<Fetch> fetches) {
    Map<ModelId, Fetch> fetched = new HashMap<>();
    fetches.forEach(fetch -> fetched.put(fetch.model(), fetch));
    Map<String, ModelState> byId = new TreeMap<>();
    fetches.forEach(fetch -> byId.put(fetch.model().value(), ModelState.of(fetch)));
    models.forEach(
        model -> byId.put(model.id().value(), ModelState.of(model, fetched.get(model.id()))));
    return List.copyOf(byId.values());
  }

  /** One model; fails with {@link NotFound} if there is none of that id. */
  public Uni<ModelState> one(ModelId id) {
    return Panache.withSession(() -> models.find(id))
        .chain(model -> fetches.find(id).map(fetch -> ModelState.of(model, fetch)))
        .onItem()
        .ifNull()
        .failWith(() -> new NotFound("model", id.value()));
  }

  /**
   * One published model; fails with {@link ModelNotPublished} if it is not yet, or never will be.
   */
  public Uni<ImportedModel> published(ModelId id) {
    return Panache.withSession(() -> models.find(id))
        .onItem()
        .ifNull()
        .failWith(() -> new NotFound("model", id.value()))
        .invoke(
            model -> {
              if (model.publication() == null) {
                throw new ModelNotPublished(model);
              }
            });
  }
}
