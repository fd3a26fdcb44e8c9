package dev.facet.quantization.adapter.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.application.MissingBlob;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTest {
  private static final byte[] BYTES = {1, 2, 3};
  private static final String SHA256 = Digest.of(BYTES).hex();

  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private FolderBlobStore store;

  @BeforeEach
  void createStore() {
    store = new FolderBlobStore(folder.resolve("not/there/yet"), meters);
  }

  private Path place() {
    return folder.resolve("not/there/yet").resolve(SHA256.substring(0, 2)).resolve(SHA256);
  }

  @Test
  void keepsABlobUnderItsDigest() throws IOException {
    BlobRef blob = store.put(BYTES);

    assertThat(blob).isEqualTo(new BlobRef(SHA256, 3));
    assertThat(Files.readAllBytes(place())).isEqualTo(BYTES);
    assertThat(store.read(SHA256)).isEqualTo(BYTES);
  }

  @Test
  void leavesABlobThatIsThereAsItIs() throws IOException {
    store.put(BYTES);
    FileTime before = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(place(), before);

    store.put(BYTES);

    assertThat(Files.getLastModifiedTime(place())).isEqualTo(before);
    assertThat(meters.get("facet.blobs.written").counter().count()).isEqualTo(3);
  }

  @Test
  void replacesABlobThatWasCutShort() throws IOException {
    store.put(BYTES);
    Files.write(place(), new byte[] {1});

    store.put(BYTES);

    assertThat(store.read(SHA256)).isEqualTo(BYTES);
  }

  @Test
  void refusesToReadADamagedBlob() throws IOException {
    store.put(BYTES);
    Files.write(place(), new byte[] {1, 2, 4});

    assertThatThrownBy(() -> store.read(SHA256))
        .isInstanceOf(MissingBlob.class)
        .hasMessageContaining(SHA256);
  }

  @Test
  void saysWhichBlobIsMissing() {
    assertThatThrownBy(() -> store.read(SHA256))
        .isInstanceOf(MissingBlob.class)
        .hasMessageContaining(SHA256);
  }

  @Test
  void leavesOneBlobWhenManyPutIt() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      Callable<BlobRef> put = () -> store.put(BYTES);
      List<Future<BlobRef>> all = pool.invokeAll(java.util.Collections.nCopies(64, put));
      for (Future<BlobRef> one : all) {
        assertThat(one.get().sha256()).isEqualTo(SHA256);
      }
    } finally {
      pool.shutdownNow();
    }
    try (Stream<Path> files = Files.list(place().getParent())) {
      assertThat(files).containsExactly(place());
    }
  }
}
