package dev.facet.streaming.adapter.storage;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Copies an object's body to a stream at the speed of the stream: the next piece is asked for when
 * its queue has room. The stream is written on its own event loop.
 *
 * <p>The client's own publisher does not end when the connection breaks half way (aws-sdk-java-v2,
 * issue 6949); the client tells its transformer, so the pump is one. The request's future completes
 * when the body begins, so that the client does not start over what was partly handed on.
 */
final class ObjectPump implements AsyncResponseTransformer<GetObjectResponse, Uni<Long>> {
  private final Context loop;
  private final WriteStream<Buffer> to;
  private volatile CompletableFuture<Uni<Long>> begun;
  private volatile CompletableFuture<Long> broken;

  ObjectPump(Context loop, WriteStream<Buffer> to) {
    this.loop = loop;
    this.to = to;
  }

  /** Called for each attempt to get at the body. */
  @Override
  public CompletableFuture<Uni<Long>> prepare() {
    broken = new CompletableFuture<>();
    begun = new CompletableFuture<>();
    return begun;
  }

  @Override
  public void onResponse(GetObjectResponse head) {
    // All that is asked of the object is its body.
  }

  /** Gives the copying, which begins on subscription and ends with the bytes handed over. */
  @Override
  public void onStream(SdkPublisher<ByteBuffer> body) {
    Uni<Long> broke = Uni.createFrom().completionStage(broken);
    begun.complete(Uni.join().first(copy(body), broke).toTerminate());
  }

  @Override
  public void exceptionOccurred(Throwable failure) {
    broken.completeExceptionally(failure);
    begun.completeExceptionally(failure);
  }

  /** Cancelling lets go of the connection to the store. */
  private Uni<Long> copy(Publisher<ByteBuffer> body) {
    return Multi.createFrom()
        .publisher(FlowAdapters.toFlowPublisher(body))
        .onItem()
        .transformToUniAndConcatenate(this::hand)
        .collect()
        .with(Collectors.summingLong(Integer::longValue));
  }

  private Uni<Integer> hand(ByteBuffer piece) {
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    return Uni.createFrom()
        .<Integer>emitter(
            emitter -> loop.runOnContext(v -> write(bytes, () -> emitter.complete(bytes.length))));
  }

  private void write(byte[] bytes, Runnable done) {
    to.write(Buffer.buffer(bytes));
    if (to.writeQueueFull()) {
      to.drainHandler(v -> done.run());
    } else {
      done.run();
    }
  }
}
