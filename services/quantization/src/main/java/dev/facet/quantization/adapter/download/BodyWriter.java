package dev.facet.quantization.adapter.download;

import dev.facet.quantization.domain.source.FetchProblem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import java.net.URI;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Writes the body of an answer to a file as it comes, no faster than the disk takes it. */
final class BodyWriter {
  private final Reply reply;
  private final URI source;
  private final AsyncFile out;
  private final Supplier<Optional<FetchProblem>> stopped;
  private final Promise<Long> ended = Promise.promise();
  private long reached;

  /**
   * @param source named in problems
   * @param stopped asked after each piece for what shall end the transfer
   */
  BodyWriter(Reply reply, AsyncFile out, URI source, Supplier<Optional<FetchProblem>> stopped) {
    this.reply = reply;
    this.source = source;
    this.out = out;
    this.stopped = stopped;
  }

  /**
   * @param begin offset in the file of the body's first byte
   * @param came told the offset reached
   * @return the offset behind the last byte
   */
  Future<Long> write(long begin, LongConsumer came) {
    reached = begin;
    reply.response().exceptionHandler(ended::tryFail).endHandler(end -> ended.tryComplete(reached));
    out.exceptionHandler(
        failure ->
            ended.tryFail(
                new FetchProblem.Unreachable(source.toString(), "it cannot be stored here")));
    reply.response().handler(bytes -> take(bytes, came)).resume();
    return ended.future();
  }

  private void take(Buffer bytes, LongConsumer came) {
    reached += bytes.length();
    came.accept(reached);
    Optional<FetchProblem> end = stopped.get();
    if (end.isPresent()) {
      ended.tryFail(end.get());
      reply.discard();
      return;
    }
    out.write(bytes);
    if (out.writeQueueFull()) {
      reply.response().pause();
      out.drainHandler(drained -> reply.response().resume());
    }
  }
}
