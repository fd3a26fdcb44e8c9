package dev.facet.local.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes: asks first, insists after a while. */
public final class Termination {

  private static final Duration AFTER_KILL = Duration.ofSeconds(5);

  private Termination() {}

  /**
   * Sends SIGTERM, and SIGKILL when the process still runs after {@code patience}.
   *
   * @return whether the process has ended
   */
  public static boolean end(ProcessHandle process, Duration patience) {
    process.destroy();
    return awaitOrKill(process, patience);
  }

  /**
   * Sends SIGINT, on which PostgreSQL closes its connections and writes a checkpoint, and SIGKILL
   * when the process still runs after {@code patience}.
   *
   * @return whether the process has ended
   */
  public static boolean interrupt(ProcessHandle process, Duration patience) {
    try {
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return awaitOrKill(process, patience);
  }

  private static boolean awaitOrKill(ProcessHandle process, Duration patience) {
    if (ended(process, patience)) {
      return true;
    }
    process.destroyForcibly();
    return ended(process, AFTER_KILL);
  }

  /** Waits until the process has ended, at most {@code patience}. */
  public static boolean ended(ProcessHandle process, Duration patience) {
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    } catch (ExecutionException | CancellationException | TimeoutException e) {
      return !process.isAlive();
    }
  }
}
