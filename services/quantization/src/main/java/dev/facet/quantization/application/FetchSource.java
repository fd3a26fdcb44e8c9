package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.domain.importing.Fetch;
import dev.facet.quantization.domain.importing.FetchRunning;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportState;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.source.RemoteSource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Begins to fetch a checkpoint from another host, to be imported once it is there. */
@ApplicationScoped
public class FetchSource {
  private final SourceDownloads downloads;
  private final FetchRepository fetches;
  private final ModelRepository models;
  private final BlobStore blobs;
  private final FetchRuns runs;

  FetchSource(
      SourceDownloads downloads,
      FetchRepository fetches,
      ModelRepository models,
      BlobStore blobs,
      FetchRuns runs) {
    this.downloads = downloads;
    this.fetches = fetches;
    this.models = models;
    this.blobs = blobs;
    this.runs = runs;
  }

  /**
   * Begins unless the same is being fetched, or was imported, under that id. Fails with {@link
   * FetchRunning} if the id belongs to another source, and with a problem if the source must not be
   * fetched from or is not there.
   */
  public Uni<ModelState> begin(RemoteSource source, ModelId id, String heldOutText) {
    return downloads
        .pin(source)
        .chain(
            pinned ->
                Panache.withSession(() -> models.find(id))
                    .chain(model -> begin(model, pinned, id, heldOutText)));
  }

  private Uni<ModelState> begin(
      ImportedModel model, RemoteSource pinned, ModelId id, String heldOutText) {
    if (model != null && model.course().state() != ImportState.FAILED) {
      requireSame(id, model.source(), pinned);
      return Uni.createFrom().item(ModelState.of(model));
    }
    return OffLoop.run(Infrastructure.getDefaultWorkerPool(), () -> store(heldOutText))
        .map(text -> fetch(pinned, id, text))
        .chain(fetches::begin)
        .invoke(stored -> requireSame(id, stored.source().toString(), pinned))
        .invoke(runs::start)
        .map(ModelState::of);
  }

  private static void requireSame(ModelId id, String existing, RemoteSource wanted) {
    if (!existing.equals(wanted.toString())) {
      throw new FetchRunning(id.value(), existing, wanted.toString());
    }
  }

  private BlobRef store(String text) {
    return text == null ? null : blobs.put(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Fetch fetch(RemoteSource source, ModelId id, BlobRef text) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new Fetch(id, source, text, ImportCourse.fetching(0, 0, now), now);
  }
}
