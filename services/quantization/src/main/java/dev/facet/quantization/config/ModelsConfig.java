package dev.facet.quantization.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** The models directory. */
@ConfigMapping(prefix = "facet.models")
public interface ModelsConfig {
  /** Folder below which checkpoints may be imported; every replica sees the same one. */
  @WithDefault("data/models")
  Path dir();
}
