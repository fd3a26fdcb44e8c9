package dev.facet.streaming.adapter.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Brings work back to the event loop of a connection, where its response must be written. */
record EventLoop(Context context) implements Executor {
  /** The loop that the caller runs on; callers run on one. */
  static EventLoop current() {
    return new EventLoop(Vertx.currentContext());
  }

  @Override
  public void execute(Runnable work) {
    if (Vertx.currentContext() == context) {
      work.run();
    } else {
      context.runOnContext(v -> work.run());
    }
  }
}
