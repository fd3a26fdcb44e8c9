package dev.facet.streaming.adapter.http;

import dev.facet.kernel.event.ShardsDelivered;
import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.domain.bundle.Manifest;
import dev.facet.streaming.domain.http.ByteRange;
import dev.facet.streaming.domain.stream.FrameHeader;
import dev.facet.streaming.domain.stream.FrameSelection;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.WriteStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * One framed response. Frames are written one after another at the speed of the client; when it
 * goes away, reading stops. Lives on one event loop.
 */
final class FrameStream {
  /** Bytes kept for a client that is behind. */
  private static final int WRITE_QUEUE = 64 << 10;

  private final Manifest manifest;
  private final List<Manifest.Frame> frames;
  private final int[] wanted;
  private final BlobCache cache;
  private final BlobStore store;
  private final Deliveries deliveries;
  private final long startedAt = System.nanoTime();
  private HttpServerResponse response;
  private WriteStream<Buffer> body;
  private Runnable leave = () -> {};
  private int written;
  private long bytes;
  private boolean over;

  FrameStream(
      Manifest manifest,
      FrameSelection selection,
      BlobCache cache,
      BlobStore store,
      Deliveries deliveries) {
    this.manifest = manifest;
    this.frames = manifest.frames();
    this.wanted = selection.among(frames.size());
    this.cache = cache;
    this.store = store;
    this.deliveries = deliveries;
  }

  Optional<Digest> firstFrame() {
    return wanted.length > 0
        ? Optional.of(new Digest(frames.get(wanted[0]).sha256()))
        : Optional.empty();
  }

  void start(HttpServerRequest request, ConnectionTurns turns, EventLoop loop) {
    response = request.response();
    if (response.closed()) {
      return;
    }
    takeTurns(request, turns);
    response
        .setWriteQueueMaxSize(WRITE_QUEUE)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/vnd.facet.frames")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length()));
    Cancellable writing =
        Multi.createFrom()
            .iterable(() -> IntStream.of(wanted).iterator())
            .onItem()
            .transformToUniAndConcatenate(index -> write(index, loop))
            .subscribe()
            .with(frame -> {}, this::fail, this::end);
    response.closeHandler(
        v -> {
          writing.cancel();
          finish();
        });
  }

  /** Where the connection has other responses, this is one of them. */
  private void takeTurns(HttpServerRequest request, ConnectionTurns turns) {
    if (ConnectionTurns.shared(request)) {
      PacedResponse paced = turns.enter(request);
      body = paced;
      leave = paced::leave;
    } else {
      body = response;
    }
  }

  private long length() {
    return IntStream.of(wanted)
        .mapToLong(index -> FrameHeader.BYTES + frames.get(index).bytes())
        .sum();
  }

  private Uni<Void> write(int index, EventLoop loop) {
    Manifest.Frame frame = frames.get(index);
    Digest digest = new Digest(frame.sha256());
    Buffer header = Buffer.buffer(FrameHeader.of(index, frame));
    Uni<Void> payload =
        cache.isSmall(frame.bytes())
            ? cache.content(digest).emitOn(loop).chain(content -> hand(header.appendBytes(content)))
            : hand(header).chain(() -> store.pipe(digest, ByteRange.whole(frame.bytes()), body));
    return payload
        .emitOn(loop)
        .invoke(
            () -> {
              written++;
              bytes += FrameHeader.BYTES + frame.bytes();
            });
  }

  /** Writes and waits while the client is behind. */
  private Uni<Void> hand(Buffer buffer) {
    body.write(buffer);
    if (!body.writeQueueFull()) {
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom().emitter(emitter -> body.drainHandler(v -> emitter.complete(null)));
  }

  private void end() {
    response.end().onComplete(done -> finish());
  }

  private void fail(Throwable failure) {
    ProblemResponse.send(response, failure);
    finish();
  }

  private void finish() {
    if (over) {
      return;
    }
    over = true;
    leave.run();
    long millis = (System.nanoTime() - startedAt) / 1_000_000;
    deliveries.tell(
        new ShardsDelivered(
            UUID.randomUUID().toString(),
            manifest.id(),
            manifest.model(),
            written,
            bytes,
            millis,
            written == wanted.length,
            Instant.now()));
  }
}
