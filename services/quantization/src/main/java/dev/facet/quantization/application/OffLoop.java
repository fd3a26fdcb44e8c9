package dev.facet.quantization.application;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Runs work that blocks or computes away from the event loop and brings its outcome back to it. */
final class OffLoop {
  private OffLoop() {}

  /**
   * The outcome is emitted on the Vert.x context of the subscriber, where a transaction may be
   * opened.
   */
  static <T> Uni<T> run(Executor pool, Supplier<T> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Context home = Vertx.currentContext();
              Uni<T> outcome = Uni.createFrom().item(work).runSubscriptionOn(pool);
              return home == null
                  ? outcome
                  : outcome.emitOn(command -> home.runOnContext(ignored -> command.run()));
            });
  }
}
