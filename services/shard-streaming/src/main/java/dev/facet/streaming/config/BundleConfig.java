package dev.facet.streaming.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How bundles are made and kept. */
@ConfigMapping(prefix = "facet.bundles")
public interface BundleConfig {
  /** Memory for manifests, compressed copies included. */
  @WithDefault("64M")
  MemorySize manifestsInMemory();

  /** Longest ladder index that is read. */
  @WithDefault("64M")
  MemorySize largestIndex();

  /** Threads that make manifests. */
  @WithDefault("2")
  int assemblyThreads();

  /** Manifests that may wait to be made; beyond them requests are refused with 503. */
  @WithDefault("64")
  int assemblyQueue();
}
