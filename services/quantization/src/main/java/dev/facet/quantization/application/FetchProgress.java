package dev.facet.quantization.application;

import java.util.concurrent.atomic.AtomicLong;

/** How far a download is, and whether it is still wanted. */
public final class FetchProgress {
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong total = new AtomicLong();
  private volatile boolean stopped;

  /** Bytes that need not come, have come, or with a negative number must come again. */
  public void came(long bytes) {
    done.addAndGet(bytes);
  }

  /** Bytes that were announced. */
  public void announced(long bytes) {
    total.addAndGet(bytes);
  }

  public long done() {
    return done.get();
  }

  public long total() {
    return total.get();
  }

  /** Nobody wants the rest. */
  public void stop() {
    stopped = true;
  }

  public boolean isStopped() {
    return stopped;
  }
}
