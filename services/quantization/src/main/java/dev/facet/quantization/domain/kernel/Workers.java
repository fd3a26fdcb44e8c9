package dev.facet.quantization.domain.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Splits independent pieces of CPU work over a bounded pool. The calling thread works too, so a
 * pool that is busy, or that is the caller's own, slows the work down but never blocks it.
 */
public final class Workers {
  private final Executor pool;
  private final int parallelism;

  /**
   * @param pool runs the other shares; its bound is the bound of the process
   * @param parallelism how many threads may work on one call, the caller's included
   */
  public Workers(Executor pool, int parallelism) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism " + parallelism + " is below 1");
    }
    this.pool = pool;
    this.parallelism = parallelism;
  }

  /** Works on the calling thread alone. */
  public static Workers caller() {
    return new Workers(Runnable::run, 1);
  }

  public int parallelism() {
    return parallelism;
  }

  /**
   * Runs {@code piece} once for each of 0..count-1, in any order, and returns when all are done.
   * The first failure is thrown; pieces not begun by then are left out.
   */
  public void forEach(int count, IntConsumer piece) {
    if (parallelism == 1 || count < 2) {
      for (int i = 0; i < count; i++) {
        piece.accept(i);
      }
      return;
    }
    Share share = new Share(count, piece);
    int others = Math.min(parallelism, count) - 1;
    for (int i = 0; i < others; i++) {
      try {
        pool.execute(share);
      } catch (RejectedExecutionException full) {
        break;
      }
    }
    share.run();
    share.await();
    takeBack(share);
  }

  /** A share that no thread came to would hold its place in the queue, and what it works on. */
  private void takeBack(Share share) {
    if (pool instanceof ThreadPoolExecutor threads) {
      while (threads.remove(share)) {}
    }
  }

  /** One call's pieces, handed out one by one. */
  private static final class Share implements Runnable {
    private final int count;
    private final IntConsumer piece;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch done;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Share(int count, IntConsumer piece) {
      this.count = count;
      this.piece = piece;
      this.done = new CountDownLatch(count);
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          if (failure.get() == null) {
            piece.accept(i);
          }
        } catch (Throwable thrown) {
          failure.compareAndSet(null, thrown);
        } finally {
          done.countDown();
        }
      }
    }

    void await() {
      boolean interrupted = false;
      while (true) {
        try {
          done.await();
          break;
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      Throwable thrown = failure.get();
      if (thrown instanceof RuntimeException unchecked) {
        throw unchecked;
      } else if (thrown instanceof Error error) {
        throw error;
      }
    }
  }
}
