package dev.facet.streaming.adapter.storage;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.NotFound;
import dev.facet.streaming.application.DamagedBlob;
import dev.facet.streaming.domain.http.ByteRange;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.streams.WriteStream;
import java.nio.file.Path;

/**
 * Copies a range of a file to a stream at the speed of the stream: reading pauses while its queue
 * is full. Runs on the event loop that starts it; the file is closed when the copy ends, fails or
 * is cancelled.
 */
final class FilePump {
  private static final int CHUNK = 64 << 10;
  private static final OpenOptions READ =
      new OpenOptions().setRead(true).setWrite(false).setCreate(false);

  private final Vertx vertx;
  private final Digest blob;
  private final Path path;
  private final ByteRange range;
  private final WriteStream<Buffer> to;
  private long copied;
  private boolean cancelled;
  private AsyncFile file;

  FilePump(Vertx vertx, Digest blob, Path path, ByteRange range, WriteStream<Buffer> to) {
    this.vertx = vertx;
    this.blob = blob;
    this.path = path;
    this.range = range;
    this.to = to;
  }

  void start(UniEmitter<? super Void> emitter) {
    emitter.onTermination(this::close);
    vertx
        .fileSystem()
        .open(path.toString(), READ)
        .onSuccess(opened -> copy(opened, emitter))
        .onFailure(e -> emitter.fail(new NotFound("blob", blob.hex())));
  }

  private void copy(AsyncFile opened, UniEmitter<? super Void> emitter) {
    file = opened;
    if (cancelled) {
      close();
      return;
    }
    file.setReadPos(range.first()).setReadLength(range.length()).setReadBufferSize(CHUNK);
    file.exceptionHandler(emitter::fail);
    file.endHandler(v -> end(emitter));
    file.handler(this::hand);
  }

  private void hand(Buffer chunk) {
    copied += chunk.length();
    to.write(chunk);
    if (to.writeQueueFull()) {
      file.pause();
      to.drainHandler(v -> resume());
    }
  }

  private void resume() {
    if (file != null) {
      file.resume();
    }
  }

  private void end(UniEmitter<? super Void> emitter) {
    if (copied == range.length()) {
      emitter.complete(null);
    } else {
      String lack = "ends %d bytes too early".formatted(range.length() - copied);
      emitter.fail(new DamagedBlob(blob, lack));
    }
  }

  private void close() {
    cancelled = true;
    if (file != null) {
      file.exceptionHandler(null).handler(null).endHandler(null);
      file.close();
      file = null;
    }
  }
}
