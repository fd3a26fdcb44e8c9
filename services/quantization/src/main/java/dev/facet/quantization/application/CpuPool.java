package dev.facet.quantization.application;

import dev.facet.quantization.config.WorkConfig;
import dev.facet.quantization.domain.kernel.Workers;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The one bounded pool for encoding and measuring: never more threads than the configured number.
 */
@ApplicationScoped
public class CpuPool {
  private static final int QUEUE = 4096;

  private final ThreadPoolExecutor pool;
  private final Workers workers;

  CpuPool(WorkConfig config) {
    int threads = config.threads().orElse(Runtime.getRuntime().availableProcessors());
    AtomicInteger number = new AtomicInteger();
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            work -> {
              Thread thread = new Thread(work, "quantization-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.workers = new Workers(pool, threads);
  }

  /** Splits work that already runs on the pool over its other threads. */
  public Workers workers() {
    return workers;
  }

  /** Runs work on the pool; its outcome comes back on the caller's event loop. */
  public <T> Uni<T> run(Supplier<T> work) {
    return OffLoop.run(pool, work);
  }

  @PreDestroy
  void stop() {
    pool.shutdownNow();
  }
}
