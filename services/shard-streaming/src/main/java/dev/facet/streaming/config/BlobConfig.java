package dev.facet.streaming.config;

import dev.facet.kernel.storage.S3Settings;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** The blob store. */
@ConfigMapping(prefix = "facet.blobs")
public interface BlobConfig {
  /** Folder of the blobs, shared with quantization (FACET_BLOBS_DIR). */
  @WithDefault("data/blobs")
  Path dir();

  /** The S3 store that holds the blobs instead of the folder, once a bucket is named. */
  S3Settings s3();

  /** Blobs up to this size are kept in memory when they are read often. */
  @WithDefault("64K")
  MemorySize smallUpTo();

  /** Memory for small blobs. */
  @WithDefault("64M")
  MemorySize smallInMemory();
}
