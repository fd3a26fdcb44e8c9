package dev.facet.streaming.adapter.http;

import dev.facet.streaming.domain.http.Priority;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.WriteStream;

/**
 * The body of a response that shares its connection: its queue is full while other responses go
 * first. One whose client takes nothing for a second lets the others go on meanwhile. Lives on the
 * event loop of the connection.
 */
final class PacedResponse implements WriteStream<Buffer> {
  private static final long STALL_MS = 1_000;
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final Priority priority;
  private final Turns turns;
  private Handler<Void> waiting;
  private long timer = NO_TIMER;
  private boolean stalled;

  PacedResponse(Vertx vertx, HttpServerResponse response, Priority priority, Turns turns) {
    this.vertx = vertx;
    this.response = response;
    this.priority = priority;
    this.turns = turns;
  }

  Priority priority() {
    return priority;
  }

  /** Whether it waits for its client, not for its turn. */
  boolean stalled() {
    return stalled;
  }

  /** Completes when it is this response's turn to begin. */
  Uni<Void> begin() {
    return writeQueueFull()
        ? Uni.createFrom().emitter(emitter -> drainHandler(v -> emitter.complete(null)))
        : Uni.createFrom().voidItem();
  }

  /** Goes on if it waits and may go on now. */
  void proceed() {
    if (waiting != null && !writeQueueFull()) {
      Handler<Void> handler = waiting;
      waiting = null;
      handler.handle(null);
    }
  }

  /** Lets the others go on for good. */
  void leave() {
    waiting = null;
    stopTimer();
    turns.leave(this);
  }

  @Override
  public boolean writeQueueFull() {
    return !turns.has(this) || response.writeQueueFull();
  }

  @Override
  public PacedResponse drainHandler(Handler<Void> handler) {
    waiting = handler;
    if (handler != null && response.writeQueueFull()) {
      response.drainHandler(v -> drained());
      stopTimer();
      timer = vertx.setTimer(STALL_MS, id -> stall());
    }
    return this;
  }

  private void drained() {
    stopTimer();
    stalled = false;
    proceed();
    turns.passOn();
  }

  private void stall() {
    timer = NO_TIMER;
    stalled = true;
    turns.passOn();
  }

  private void stopTimer() {
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
      timer = NO_TIMER;
    }
  }

  @Override
  public Future<Void> write(Buffer data) {
    return response.write(data);
  }

  @Override
  public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
    response.write(data, handler);
  }

  @Override
  public void end(Handler<AsyncResult<Void>> handler) {
    response.end(handler);
  }

  @Override
  public PacedResponse setWriteQueueMaxSize(int maxSize) {
    response.setWriteQueueMaxSize(maxSize);
    return this;
  }

  @Override
  public PacedResponse exceptionHandler(Handler<Throwable> handler) {
    response.exceptionHandler(handler);
    return this;
  }
}
