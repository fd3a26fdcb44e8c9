package dev.facet.streaming.adapter.storage;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.io.ByteArrayOutputStream;

/** A stream that is full after each piece until it is drained. */
final class Receiver implements WriteStream<Buffer> {
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private Handler<Void> drain;
  private boolean open;

  /** Takes all that comes from now on. */
  synchronized void open() {
    open = true;
    Handler<Void> waiting = drain;
    drain = null;
    if (waiting != null) {
      waiting.handle(null);
    }
  }

  synchronized byte[] received() {
    return received.toByteArray();
  }

  @Override
  public synchronized Future<Void> write(Buffer data) {
    received.writeBytes(data.getBytes());
    return Future.succeededFuture();
  }

  @Override
  public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
    write(data).onComplete(handler);
  }

  @Override
  public synchronized boolean writeQueueFull() {
    return !open;
  }

  @Override
  public synchronized Receiver drainHandler(Handler<Void> handler) {
    drain = handler;
    return this;
  }

  @Override
  public void end(Handler<AsyncResult<Void>> handler) {
    throw new IllegalStateException("a pump does not end its stream");
  }

  @Override
  public Receiver exceptionHandler(Handler<Throwable> handler) {
    return this;
  }

  @Override
  public Receiver setWriteQueueMaxSize(int maxSize) {
    return this;
  }
}
