package dev.facet.quantization.adapter.upload;

import dev.facet.quantization.domain.source.UploadProblem;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.channels.FileLock;

/** Writes one chunk under the lock of its file. */
final class ChunkWriting {
  private final Vertx vertx;
  private final UploadStore store;
  private final HttpServerRequest request;
  private final Chunk chunk;
  private UploadedFile file;
  private FileLock lock;
  private long reached;

  ChunkWriting(Vertx vertx, UploadStore store, HttpServerRequest request, Chunk chunk) {
    this.vertx = vertx;
    this.store = store;
    this.request = request;
    this.chunk = chunk;
  }

  /** The offset that the file has then. */
  Future<Long> run() {
    return vertx
        .<Void>executeBlocking(this::begin, false)
        .compose(begun -> open())
        .compose(this::write)
        .transform(written -> end(written))
        .eventually(this::unlock);
  }

  private Void begin() {
    lock = store.lock(chunk.upload(), chunk.name());
    file = store.file(chunk.upload(), chunk.name());
    reached = chunk.offset();
    if (chunk.offset() != file.offset() || file.isWhole()) {
      throw new UploadProblem.WrongOffset(file.name(), chunk.offset(), file.offset());
    }
    requireRoom(Math.max(0, chunk.bytes()));
    return null;
  }

  private void requireRoom(long bytes) {
    if (bytes > file.length() - reached) {
      throw new UploadProblem.TooLarge(file.name(), "announced were", file.length());
    }
  }

  private Future<AsyncFile> open() {
    String part = store.part(chunk.upload(), file.name()).toString();
    return vertx
        .fileSystem()
        .open(part, new OpenOptions().setWrite(true).setCreate(false))
        .onSuccess(out -> out.setWritePos(reached));
  }

  private Future<Void> write(AsyncFile out) {
    Promise<Void> ended = Promise.promise();
    request.exceptionHandler(ended::tryFail).endHandler(end -> ended.tryComplete());
    out.exceptionHandler(ended::tryFail);
    request.handler(bytes -> take(bytes, out, ended)).resume();
    return ended.future().transform(came -> out.close().compose(closed -> ended.future()));
  }

  private void take(Buffer bytes, AsyncFile out, Promise<Void> ended) {
    try {
      requireRoom(bytes.length());
    } catch (UploadProblem problem) {
      request.handler(null);
      ended.tryFail(problem);
      return;
    }
    reached += bytes.length();
    if (chunk.checksum() != null) {
      chunk.checksum().update(bytes.getBytes());
    }
    out.write(bytes);
    if (out.writeQueueFull()) {
      request.pause();
      out.drainHandler(drained -> request.resume());
    }
  }

  /** Keeps what came, but takes back a chunk that is not what its checksum says. */
  private Future<Long> end(AsyncResult<Void> written) {
    if (file == null) {
      return Future.failedFuture(written.cause());
    }
    return vertx.executeBlocking(
        () -> {
          boolean checked = chunk.checksum() != null;
          if (written.failed()) {
            if (checked && reached > chunk.offset()) {
              store.truncate(chunk.upload(), file.name(), chunk.offset());
            }
            throw rethrown(written.cause());
          }
          if (checked) {
            requireChecksum();
          }
          if (reached == file.length()) {
            store.finish(chunk.upload(), file);
          }
          return reached;
        },
        false);
  }

  private void requireChecksum() {
    try {
      chunk.checksum().require(file.name());
    } catch (UploadProblem problem) {
      store.truncate(chunk.upload(), file.name(), chunk.offset());
      throw problem;
    }
  }

  private static Exception rethrown(Throwable cause) {
    return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
  }

  private Future<Void> unlock() {
    if (lock == null) {
      return Future.succeededFuture();
    }
    return vertx.executeBlocking(
        () -> {
          store.unlock(lock);
          return null;
        },
        false);
  }
}
