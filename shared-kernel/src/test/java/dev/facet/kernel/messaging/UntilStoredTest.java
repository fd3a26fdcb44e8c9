package dev.facet.kernel.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UntilStoredTest {
  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void waitsForADatabaseThatIsAway() {
    UntilStored.retry(() -> failing(2, new ConnectException("refused")))
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create())
        .awaitItem(Duration.ofSeconds(10));

    assertThat(attempts).hasValue(3);
  }

  @Test
  void givesUpOnARecordThatCanNeverBeStored() {
    Throwable failure =
        UntilStored.retry(() -> failing(9, new MalformedEvent("no event", null)))
            .subscribe()
            .withSubscriber(UniAssertSubscriber.create())
            .awaitFailure(Duration.ofSeconds(10))
            .getFailure();

    assertThat(failure).isInstanceOf(MalformedEvent.class);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void tellsTheDataFromTheServer() {
    assertThat(UntilStored.isFinal(new RuntimeException(postgres("22001")))).isTrue();
    assertThat(UntilStored.isFinal(postgres("23505"))).isTrue();
    assertThat(UntilStored.isFinal(postgres("40P01"))).isFalse();
    assertThat(UntilStored.isFinal(postgres("57P01"))).isFalse();
    assertThat(UntilStored.isFinal(new RuntimeException("closed"))).isFalse();
  }

  private Uni<Void> failing(int times, Throwable failure) {
    return attempts.incrementAndGet() <= times
        ? Uni.createFrom().failure(failure)
        : Uni.createFrom().voidItem();
  }

  private static PgException postgres(String state) {
    return new PgException("refused", "ERROR", state, null);
  }
}
