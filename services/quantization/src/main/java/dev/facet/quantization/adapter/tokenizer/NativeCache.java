package dev.facet.quantization.adapter.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the tokenizer library unpacks its native part, and that it takes the one for CPUs out of
 * its own jar instead of downloading one for a GPU. The environment variable or system property
 * {@value #CACHE} names the folder; without it that is one in the user's home, or a temporary one
 * where the home cannot be written to.
 */
final class NativeCache {
  private static final String CACHE = "DJL_CACHE_DIR";

  private static final String FLAVOR = "RUST_FLAVOR";

  private NativeCache() {}

  static void prepare() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    if (System.getenv(FLAVOR) == null && System.getProperty(FLAVOR) == null) {
      System.setProperty(FLAVOR, "cpu");
    }
    boolean named = System.getenv(CACHE) != null || System.getProperty(CACHE) != null;
    if (!named && !Files.isWritable(Path.of(System.getProperty("user.home", "/nonexistent")))) {
      System.setProperty(CACHE, temporaryFolder().toString());
    }
  }

  private static Path temporaryFolder() {
    try {
      Path folder = Files.createTempDirectory("facet-tokenizer");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
