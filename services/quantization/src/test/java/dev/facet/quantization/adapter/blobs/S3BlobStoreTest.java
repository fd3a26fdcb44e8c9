package dev.facet.quantization.adapter.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.Unavailable;
import dev.facet.kernel.storage.BlobKey;
import dev.facet.kernel.testing.S3Server;
import dev.facet.quantization.application.BlobStore;
import io.micrometer.core.instrument.Counter;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3BlobStoreTest extends BlobStoreConformance {
  private static final byte[] LARGE = new byte[1_000_000];

  static {
    new Random(5).nextBytes(LARGE);
  }

  private S3Server server;
  private S3BlobStore store;
  private Counter written;

  @Override
  BlobStore empty(Counter counter) throws Exception {
    server = S3Server.start();
    written = counter;
    store = new S3BlobStore(server.connection(), counter);
    return store;
  }

  @Override
  void overwrite(String path, byte[] content) {
    server.plant(path, content);
  }

  @Override
  byte[] lying(String path) throws Exception {
    return server.content(path).orElseThrow();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void leavesNothingOfAFailedWrite() throws Exception {
    server.link().cutRequestsAfter(200_000);

    assertThatThrownBy(() -> store.put(LARGE)).isInstanceOf(Unavailable.class);

    assertThat(server.content(BlobKey.of(Digest.of(LARGE)))).isEmpty();
    assertThat(written.count()).isZero();
  }

  @Test
  void doesNotTakeAPartForTheWhole() {
    String sha256 = store.put(LARGE).sha256();
    server.link().cutResponsesAfter(200_000);

    assertThatThrownBy(() -> store.read(sha256)).isInstanceOf(Unavailable.class);
  }

  @Test
  void saysThatTheStoreDoesNotAnswer() throws Exception {
    server.link().close();

    assertThatThrownBy(() -> store.put(BYTES))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("blob store does not answer");
    assertThatThrownBy(() -> store.read(SHA256)).isInstanceOf(Unavailable.class);
  }
}
