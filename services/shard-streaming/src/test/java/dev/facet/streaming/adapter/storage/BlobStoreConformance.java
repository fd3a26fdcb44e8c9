package dev.facet.streaming.adapter.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.NotFound;
import dev.facet.kernel.storage.BlobKey;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.application.DamagedBlob;
import dev.facet.streaming.domain.http.ByteRange;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every blob store must do, wherever its blobs are. */
abstract class BlobStoreConformance {
  static final Duration WAIT = Duration.ofMinutes(2);
  static final byte[] BYTES = new byte[4_000_001];
  static final Digest BLOB;
  private static final Digest NONE = Digest.of(new byte[] {7});
  private static Vertx vertx;

  static {
    new Random(11).nextBytes(BYTES);
    BLOB = Digest.of(BYTES);
  }

  private BlobStore store;

  /** A store that holds nothing. */
  abstract BlobStore empty(Vertx vertx) throws Exception;

  /** Puts content at a path, as quantization would. */
  abstract void plant(String path, byte[] content) throws Exception;

  @BeforeAll
  static void startLoops() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopLoops() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void createStore() throws Exception {
    store = empty(vertx);
    put(BLOB, BYTES);
  }

  @Test
  void knowsLengths() {
    assertThat(now(store.length(BLOB))).isEqualTo(OptionalLong.of(BYTES.length));
    assertThat(now(store.length(NONE))).isEmpty();
  }

  @Test
  void loadsWholeBlobs() throws Exception {
    Digest nothing = Digest.of(new byte[0]);
    put(nothing, new byte[0]);

    assertThat(now(store.load(BLOB, BYTES.length))).isEqualTo(BYTES);
    assertThat(now(store.load(nothing, 10))).isEmpty();
  }

  @Test
  void loadsNoMoreThanItMay() {
    assertThatThrownBy(() -> now(store.load(BLOB, BYTES.length - 1)))
        .isInstanceOf(DamagedBlob.class)
        .hasMessageContaining("is longer than the 4000000 bytes it may have");
  }

  @Test
  void loadsNoOtherContent() throws Exception {
    put(NONE, new byte[] {8});

    assertThatThrownBy(() -> now(store.load(NONE, 10)))
        .isInstanceOf(DamagedBlob.class)
        .hasMessageContaining("does not have the content that its name says");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> now(store.load(NONE, 10))).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> now(pipe(NONE, new ByteRange(0, 1), new Receiver())))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void pipesRanges() {
    for (ByteRange range :
        new ByteRange[] {
          ByteRange.whole(BYTES.length), new ByteRange(5, 5), new ByteRange(70_000, 4_000_000)
        }) {
      Receiver receiver = new Receiver();
      receiver.open();

      now(pipe(BLOB, range, receiver));

      int end = (int) range.last() + 1;
      assertThat(receiver.received())
          .isEqualTo(Arrays.copyOfRange(BYTES, (int) range.first(), end));
    }
  }

  @Test
  void tellsThatABlobWasCutShort() {
    for (long first : new long[] {3_999_999, 5_000_000}) {
      Receiver receiver = new Receiver();
      receiver.open();
      ByteRange range = new ByteRange(first, 6_000_000);

      assertThatThrownBy(() -> now(pipe(BLOB, range, receiver)))
          .isInstanceOf(DamagedBlob.class)
          .hasMessageContaining("bytes too early");
    }
  }

  @Test
  void waitsForASlowReceiver() throws Exception {
    Receiver receiver = new Receiver();
    Uni<Void> copy = pipe(BLOB, ByteRange.whole(BYTES.length), receiver).memoize().indefinitely();
    copy.subscribe().with(done -> {});
    await().atMost(WAIT).until(() -> receiver.received().length > 0);
    Thread.sleep(300);
    assertThat(receiver.received()).hasSizeLessThanOrEqualTo(128 << 10);

    vertx.runOnContext(v -> receiver.open());

    now(copy);
    assertThat(receiver.received()).isEqualTo(BYTES);
  }

  @Test
  void stopsWhenCancelled() throws Exception {
    Receiver receiver = new Receiver();
    Cancellable copy =
        pipe(BLOB, ByteRange.whole(BYTES.length), receiver).subscribe().with(done -> {});
    await().atMost(WAIT).until(() -> receiver.received().length > 0);

    copy.cancel();
    Thread.sleep(100);
    receiver.open();
    Thread.sleep(300);

    assertThat(receiver.received()).hasSizeLessThanOrEqualTo(128 << 10);
  }

  /** Pumps belong to the event loop that starts them. */
  final Uni<Void> pipe(Digest blob, ByteRange range, Receiver to) {
    return store
        .pipe(blob, range, to)
        .runSubscriptionOn(command -> vertx.runOnContext(v -> command.run()));
  }

  private void put(Digest name, byte[] content) throws Exception {
    plant(BlobKey.of(name), content);
  }

  static <T> T now(Uni<T> outcome) {
    return outcome.await().atMost(WAIT);
  }
}
