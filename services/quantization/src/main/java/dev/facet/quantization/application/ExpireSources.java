package dev.facet.quantization.application;

import dev.facet.quantization.config.SourcesConfig;
import dev.facet.quantization.domain.importing.Fetch;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.source.CheckpointSource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Removes fetched and uploaded files that no import needs any more. */
@ApplicationScoped
public class ExpireSources {
  private final StagedFolders folders;
  private final ModelRepository models;
  private final FetchRepository fetches;
  private final SourcesConfig config;

  ExpireSources(
      StagedFolders folders,
      ModelRepository models,
      FetchRepository fetches,
      SourcesConfig config) {
    this.folders = folders;
    this.models = models;
    this.fetches = fetches;
    this.config = config;
  }

  /** Spares what running imports and fetches need, and what was written not long ago. */
  public Uni<Void> expire() {
    return Panache.withSession(models::list)
        .chain(all -> fetches.list().map(running -> needed(all, running)))
        .chain(needed -> OffLoop.run(Infrastructure.getDefaultWorkerPool(), () -> expire(needed)));
  }

  private Void expire(Set<CheckpointSource> needed) {
    folders.expire(config.keep(), needed);
    return null;
  }

  private static Set<CheckpointSource> needed(List<ImportedModel> models, List<Fetch> fetches) {
    Set<CheckpointSource> needed = new HashSet<>();
    models.stream()
        .filter(model -> !model.course().state().isFinal())
        .forEach(model -> needed.add(CheckpointSource.parse(model.source())));
    fetches.forEach(fetch -> needed.add(fetch.source()));
    return needed;
  }
}
