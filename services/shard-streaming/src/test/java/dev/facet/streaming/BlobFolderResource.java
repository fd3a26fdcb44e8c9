package dev.facet.streaming;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A blob store with the sample models, a blob that was changed and one that was cut short. */
public final class BlobFolderResource implements QuarkusTestResourceLifecycleManager {
  /** Names of blobs whose content is another. */
  public static final String CHANGED = "c".repeat(64);

  private Path folder;

  @Override
  public Map<String, String> start() {
    try {
      folder = Files.createTempDirectory("facet-blobs");
      Path blobs = folder.resolve("blobs");
      write(blobs, SampleModels.SMALL.blobs());
      write(blobs, SampleModels.LARGE.blobs());
      write(blobs, Map.of(CHANGED, new byte[] {1, 2, 3}));
      Files.writeString(folder.resolve("secret"), "not for anyone");
      return Map.of(
          "facet.blobs.dir", blobs.toString(),
          "facet.signing.key-file", folder.resolve("key.pem").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path root, Map<String, byte[]> blobs) throws IOException {
    for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
      Path file = path(root, blob.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, blob.getValue());
    }
  }

  static Path path(Path root, String digest) {
    return root.resolve(digest.substring(0, 2)).resolve(digest);
  }

  /** Cuts a blob short. */
  static void truncate(Path root, String digest, int bytes) throws IOException {
    Path file = path(root, digest);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
  }

  @Override
  public void stop() {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
