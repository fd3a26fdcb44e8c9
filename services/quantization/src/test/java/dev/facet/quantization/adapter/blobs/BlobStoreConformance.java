package dev.facet.quantization.adapter.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.application.BlobStore;
import dev.facet.quantization.application.MissingBlob;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every blob store must do, wherever it keeps its blobs. */
abstract class BlobStoreConformance {
  static final byte[] BYTES = {1, 2, 3};
  static final String SHA256 = Digest.of(BYTES).hex();
  static final String PLACE = SHA256.substring(0, 2) + '/' + SHA256;

  private final Counter written = BlobStores.written(new SimpleMeterRegistry());
  private BlobStore store;

  /** A store that holds nothing. */
  abstract BlobStore empty(Counter written) throws Exception;

  /** Changes behind the store's back what lies at a path that is in use. */
  abstract void overwrite(String path, byte[] content) throws Exception;

  /** What lies at a path. */
  abstract byte[] lying(String path) throws Exception;

  @BeforeEach
  void createStore() throws Exception {
    store = empty(written);
  }

  @Test
  void keepsABlobUnderItsDigest() throws Exception {
    BlobRef blob = store.put(BYTES);

    assertThat(blob).isEqualTo(new BlobRef(SHA256, 3));
    assertThat(lying(PLACE)).isEqualTo(BYTES);
    assertThat(store.read(SHA256)).isEqualTo(BYTES);
  }

  @Test
  void keepsAnEmptyBlobAndALargeOne() {
    byte[] large = new byte[5_000_003];
    new Random(7).nextBytes(large);

    assertThat(store.read(store.put(large).sha256())).isEqualTo(large);
    assertThat(store.read(store.put(new byte[0]).sha256())).isEmpty();
  }

  /** Content of the same length that only a second write could put right shows that none came. */
  @Test
  void leavesABlobThatIsThereAsItIs() throws Exception {
    store.put(BYTES);
    overwrite(PLACE, new byte[] {9, 9, 9});

    store.put(BYTES);

    assertThat(lying(PLACE)).containsExactly(9, 9, 9);
    assertThat(written.count()).isEqualTo(3);
  }

  @Test
  void replacesABlobThatWasCutShort() throws Exception {
    store.put(BYTES);
    overwrite(PLACE, new byte[] {1});

    store.put(BYTES);

    assertThat(store.read(SHA256)).isEqualTo(BYTES);
  }

  @Test
  void refusesToReadADamagedBlob() throws Exception {
    store.put(BYTES);
    overwrite(PLACE, new byte[] {1, 2, 4});

    assertThatThrownBy(() -> store.read(SHA256))
        .isInstanceOf(MissingBlob.class)
        .hasMessageContaining(SHA256)
        .hasMessageContaining("damaged");
  }

  @Test
  void saysWhichBlobIsMissing() {
    assertThatThrownBy(() -> store.read(SHA256))
        .isInstanceOf(MissingBlob.class)
        .hasMessageContaining(SHA256)
        .hasMessageContaining("not in the store");
  }

  @Test
  void keepsOneBlobWhenManyPutIt() throws Exception {
    store.put(new byte[] {4});
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      Callable<BlobRef> put = () -> store.put(BYTES);
      List<Future<BlobRef>> all = pool.invokeAll(Collections.nCopies(64, put));
      for (Future<BlobRef> one : all) {
        assertThat(one.get().sha256()).isEqualTo(SHA256);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(store.read(SHA256)).isEqualTo(BYTES);
  }
}
