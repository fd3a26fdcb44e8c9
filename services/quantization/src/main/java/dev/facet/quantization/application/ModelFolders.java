package dev.facet.quantization.application;

import dev.facet.quantization.domain.source.CheckpointSource;
import java.nio.file.Path;

/** Where checkpoints lie. Calls block. */
public interface ModelFolders {
  /**
   * The folder itself, links resolved.
   *
   * @throws dev.facet.quantization.domain.source.SourceNotFound if there is none
   * @throws dev.facet.quantization.domain.source.SourceOutsideModels if a link leads out
   */
  Path resolve(CheckpointSource source);
}
