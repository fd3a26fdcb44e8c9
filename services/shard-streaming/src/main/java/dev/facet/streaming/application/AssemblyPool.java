package dev.facet.streaming.application;

import dev.facet.streaming.config.BundleConfig;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for parsing, assembling and compressing; bounded, so that a rush is refused rather than
 * queued.
 */
@ApplicationScoped
public class AssemblyPool implements Executor {
  private final ThreadPoolExecutor threads;

  AssemblyPool(BundleConfig config) {
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            config.assemblyThreads(),
            config.assemblyThreads(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(config.assemblyQueue()),
            work -> new Thread(work, "bundle-assembly-" + count.incrementAndGet()));
    this.threads.allowCoreThreadTimeOut(true);
  }

  /**
   * @throws Overloaded if the queue is full
   */
  @Override
  public void execute(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      throw new Overloaded();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    threads.shutdownNow();
  }
}
