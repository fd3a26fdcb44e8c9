package dev.facet.quantization.domain.importing;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.domain.source.RemoteSource;
import java.time.Instant;

/**
 * A checkpoint that is being fetched so that it can be imported, or could not be. Immutable.
 *
 * @param model id to import under
 * @param source at a fixed revision
 * @param heldOutText text given with the import; null for the service's own
 * @param course fetching or failed
 */
public record Fetch(
    ModelId model, RemoteSource source, BlobRef heldOutText, ImportCourse course, Instant begunAt) {

  /** Whether files still come. */
  public boolean isRunning() {
    return course.state() == ImportState.FETCHING;
  }
}
