package dev.facet.streaming.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.streaming.domain.http.Priority;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final AtomicInteger emptied = new AtomicInteger();
  private final Turns turns = new Turns(emptied::incrementAndGet);

  /** A timer that the test lets ring. */
  private Handler<Long> timer;

  private final Vertx vertx =
      fake(
          Vertx.class,
          (name, arguments) -> {
            if (name.equals("setTimer")) {
              timer = handler(arguments[1]);
            }
            return name.equals("setTimer") ? 1L : true;
          });

  /** A response whose client takes bytes, or does not. */
  private final class Body {
    private boolean full;
    private Handler<Void> drained;
    private int begun;
    private final PacedResponse paced;

    Body(Priority priority) {
      HttpServerResponse response =
          fake(
              HttpServerResponse.class,
              (name, arguments) -> {
                if (name.equals("drainHandler")) {
                  drained = handler(arguments[0]);
                }
                return name.equals("writeQueueFull") ? full : null;
              });
      paced = new PacedResponse(vertx, response, priority, turns);
      turns.enter(paced);
      paced.begin().subscribe().with(v -> begun++);
    }

    boolean maySend() {
      return !paced.writeQueueFull();
    }

    void waitForClient() {
      full = true;
      paced.drainHandler(v -> {});
    }
  }

  private interface Answers {
    Object to(String method, Object[] arguments);
  }

  private static <T> T fake(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.to(method.getName(), arguments)));
  }

  @SuppressWarnings("unchecked")
  private static <T> Handler<T> handler(Object argument) {
    return (Handler<T>) argument;
  }

  @Test
  void equallyUrgentResponsesComeOneAfterAnother() {
    Body first = new Body(Priority.DEFAULT);
    Body second = new Body(Priority.DEFAULT);
    Body third = new Body(Priority.DEFAULT);
    assertThat(first.begun + second.begun + third.begun).isEqualTo(1);

    first.paced.leave();

    assertThat(second.begun).isEqualTo(1);
    assertThat(third.begun).isZero();
  }

  @Test
  void aMoreUrgentOneGoesFirstAndTheOtherGoesOnAfterIt() {
    Body bulk = new Body(Priority.DEFAULT);
    Body urgent = new Body(new Priority(0, false));

    assertThat(urgent.begun).isEqualTo(1);
    assertThat(bulk.maySend()).isFalse();

    urgent.paced.leave();

    assertThat(bulk.maySend()).isTrue();
  }

  @Test
  void incrementalOnesShareAndOthersOfTheirUrgencyWait() {
    Body first = new Body(new Priority(3, true));
    Body whole = new Body(Priority.DEFAULT);
    Body second = new Body(new Priority(3, true));

    assertThat(first.maySend()).isTrue();
    assertThat(second.maySend()).isTrue();
    assertThat(whole.maySend()).isFalse();
  }

  @Test
  void oneWhoseClientTakesNothingLetsTheNextGoOnUntilItDoes() {
    Body first = new Body(Priority.DEFAULT);
    Body second = new Body(Priority.DEFAULT);
    first.waitForClient();
    assertThat(second.begun).isZero();

    timer.handle(1L);

    assertThat(second.begun).isEqualTo(1);
    first.full = false;
    first.drained.handle(null);
    assertThat(first.maySend()).isTrue();
    assertThat(second.maySend()).isFalse();
  }

  @Test
  void tellsWhenTheLastHasLeftOnce() {
    Body first = new Body(Priority.DEFAULT);
    Body second = new Body(Priority.DEFAULT);
    second.paced.leave();
    second.paced.leave();
    assertThat(emptied).hasValue(0);

    first.paced.leave();

    assertThat(emptied).hasValue(1);
  }
}
