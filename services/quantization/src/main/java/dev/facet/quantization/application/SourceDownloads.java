package dev.facet.quantization.application;

import dev.facet.quantization.domain.source.RemoteSource;
import io.smallrye.mutiny.Uni;

/** Brings checkpoints from other hosts. */
public interface SourceDownloads {
  /**
   * The source at a revision that does not change; fails with a {@link
   * dev.facet.kernel.problem.DomainProblem} when it must not be fetched from or is not there.
   */
  Uni<RemoteSource> pin(RemoteSource source);

  /**
   * Brings all files to where {@link ModelFolders} finds them. What an earlier call has brought
   * stays; parts of files are resumed. Fails with a {@link dev.facet.kernel.problem.DomainProblem}.
   *
   * @param source pinned
   */
  Uni<Void> download(RemoteSource source, FetchProgress progress);
}
