package dev.facet.quantization.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** The blob store. */
@ConfigMapping(prefix = "facet.blobs")
public interface BlobsConfig {
  /** Folder that holds the blobs; every service of the mesh sees the same one. */
  @WithDefault("data/blobs")
  Path dir();
}
