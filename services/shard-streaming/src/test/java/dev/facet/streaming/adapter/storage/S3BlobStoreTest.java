package dev.facet.streaming.adapter.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.facet.kernel.problem.Unavailable;
import dev.facet.kernel.testing.S3Server;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.domain.http.ByteRange;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3BlobStoreTest extends BlobStoreConformance {
  private static final int CUT = 1_000_000;

  private S3Server server;
  private S3BlobStore store;

  @Override
  BlobStore empty(Vertx vertx) throws Exception {
    server = S3Server.start();
    store = new S3BlobStore(vertx, server.connection());
    return store;
  }

  @Override
  void plant(String path, byte[] content) {
    server.plant(path, content);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void saysThatTheStoreDoesNotAnswer() throws Exception {
    server.link().close();

    for (Uni<?> call :
        new Uni<?>[] {store.length(BLOB), store.load(BLOB, BYTES.length), whole(new Receiver())}) {
      assertThatThrownBy(() -> now(call))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("blob store does not answer");
    }
  }

  @Test
  void saysThatTheStoreBrokeOffHalfWay() {
    server.link().cutResponsesAfter(CUT);
    Receiver receiver = new Receiver();
    receiver.open();

    assertThatThrownBy(() -> now(whole(receiver))).isInstanceOf(Unavailable.class);

    byte[] received = receiver.received();
    assertThat(received).hasSizeBetween(1, CUT);
    assertThat(received).isEqualTo(Arrays.copyOf(BYTES, received.length));
    assertThatThrownBy(() -> now(store.load(BLOB, BYTES.length))).isInstanceOf(Unavailable.class);
  }

  @Test
  void letsGoOfTheConnectionWhenCancelled() {
    Receiver receiver = new Receiver();
    Cancellable copy = whole(receiver).subscribe().with(done -> {});
    await().atMost(WAIT).until(() -> receiver.received().length > 0);
    assertThat(server.link().connections()).isEqualTo(1);

    copy.cancel();

    await().atMost(WAIT).until(() -> server.link().connections() == 0);
  }

  private Uni<Void> whole(Receiver to) {
    return pipe(BLOB, ByteRange.whole(BYTES.length), to);
  }
}
