package dev.facet.quantization.application;

import dev.facet.quantization.domain.source.CheckpointSource;
import dev.facet.quantization.domain.source.RemoteSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Where checkpoints lie that were fetched or uploaded. Calls block. */
public interface StagedFolders {
  /** The folder for a source's files, made if it is not there. */
  Path prepare(RemoteSource source);

  /** Removes what nobody has touched for that long, but not these sources' files. */
  void expire(Duration age, Set<CheckpointSource> needed);
}
