package dev.facet.quantization.domain.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkersTest {
  private final ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  @Test
  void everyPieceIsRunOnce() {
    // Given
    AtomicIntegerArray runs = new AtomicIntegerArray(1000);

    // When
    new Workers(pool, 3).forEach(1000, runs::incrementAndGet);

    // Then
    for (int i = 0; i < 1000; i++) {
      assertThat(runs.get(i)).isEqualTo(1);
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void aBusyPoolDoesNotBlockTheCaller() {
    // Given
    CountDownLatch release = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      pool.execute(() -> awaitQuietly(release));
    }
    AtomicIntegerArray runs = new AtomicIntegerArray(10);

    // When
    new Workers(pool, 3).forEach(10, runs::incrementAndGet);

    // Then
    assertThat(runs.get(9)).isEqualTo(1);
    release.countDown();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void whatIsDoneDoesNotStayInTheQueueOfABusyPool() {
    // Given
    CountDownLatch release = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      pool.execute(() -> awaitQuietly(release));
    }

    // When
    for (int call = 0; call < 100; call++) {
      new Workers(pool, 3).forEach(10, i -> {});
    }

    // Then
    assertThat(pool.getQueue()).isEmpty();
    release.countDown();
  }

  @Test
  void theFirstFailureReachesTheCaller() {
    assertThatThrownBy(
            () ->
                new Workers(pool, 3)
                    .forEach(
                        100,
                        i -> {
                          throw new IllegalStateException("piece " + i);
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("piece");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
