package dev.facet.kernel.messaging;

import dev.facet.kernel.problem.DomainProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tells records that will never be stored, which belong on the dead-letter topic, from a database
 * that is away, which is waited for: the partition stands still rather than lose what it holds.
 */
public final class UntilStored {
  private static final Logger LOG = Logger.getLogger(UntilStored.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int CAUSES = 10;

  private UntilStored() {}

  /**
   * Runs the work until it succeeds or fails for good, always on the Vert.x context of the first
   * attempt: Hibernate Reactive keeps its session there.
   */
  public static Uni<Void> retry(Supplier<Uni<Void>> work) {
    return Uni.createFrom()
        .deferred(() -> work.get())
        .runSubscriptionOn(here())
        .onFailure(failure -> !isFinal(failure))
        .invoke(failure -> LOG.warnf("storing is tried again: %s", failure.getMessage()))
        .onFailure(failure -> !isFinal(failure))
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .indefinitely();
  }

  private static Executor here() {
    Context context = Vertx.currentContext();
    return context == null ? Runnable::run : task -> context.runOnContext(nothing -> task.run());
  }

  /** Whether trying again cannot help: the record itself is at fault. */
  static boolean isFinal(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < CAUSES; i++, cause = cause.getCause()) {
      if (cause instanceof MalformedEvent
          || cause instanceof DomainProblem
          || cause instanceof IllegalArgumentException
          || cause instanceof NullPointerException
          || cause instanceof PgException refused && blamesData(refused)) {
        return true;
      }
    }
    return false;
  }

  /** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
  private static boolean blamesData(PgException refused) {
    String state = refused.getSqlState();
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }
}
