package dev.facet.quantization.adapter.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.quantization.application.BlobStore;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTest extends BlobStoreConformance {
  @TempDir Path folder;
  private FolderBlobStore store;

  @Override
  BlobStore empty(Counter written) {
    store = new FolderBlobStore(root(), written);
    return store;
  }

  @Override
  void overwrite(String path, byte[] content) throws IOException {
    Files.write(root().resolve(path), content);
  }

  @Override
  byte[] lying(String path) throws IOException {
    return Files.readAllBytes(root().resolve(path));
  }

  /** A folder in the blob's place lets the last step fail. */
  @Test
  void leavesNothingOfAFailedWrite() throws IOException {
    Path inTheWay = root().resolve(PLACE).resolve(SHA256);
    Files.createDirectories(inTheWay.getParent());
    Files.createFile(inTheWay);

    assertThatThrownBy(() -> store.put(BYTES)).isInstanceOf(UncheckedIOException.class);

    assertThat(inTheWay.getParent()).isDirectory();
  }

  @AfterEach
  void leavesNothingBesideItsBlobs() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .allMatch(file -> file.getFileName().toString().matches("[0-9a-f]{64}"));
    }
  }

  private Path root() {
    return folder.resolve("not/there/yet");
  }
}
