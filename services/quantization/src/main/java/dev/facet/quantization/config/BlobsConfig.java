package dev.facet.quantization.config;

import dev.facet.kernel.storage.S3Settings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** The blob store. */
@ConfigMapping(prefix = "facet.blobs")
public interface BlobsConfig {
  /** Folder that holds the blobs; every service of the mesh sees the same one. Unless S3 does. */
  @WithDefault("data/blobs")
  Path dir();

  /** The S3 store that holds the blobs instead of the folder, once a bucket is named. */
  S3Settings s3();
}
