package dev.facet.local.mesh;

import dev.facet.local.process.ProcessRecord;
import dev.facet.local.process.RestartPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps one part running: starts it, starts it again when it ends by itself, gives up when that
 * does not help, and ends it when told to.
 */
final class SupervisedPart {

  private static final Duration START_PATIENCE = Duration.ofMinutes(4);
  private static final Duration POLL = Duration.ofMillis(150);
  private static final int LINES_SHOWN = 12;

  private final Part part;
  private final ScheduledExecutorService scheduler;
  private final Progress progress;
  private final Runnable changed;
  private final RestartPolicy policy = new RestartPolicy();

  private volatile ProcessHandle process;
  private ProcessRecord processRecord;
  private boolean served;
  private boolean stopping;

  /**
   * Supervises a part.
   *
   * @param scheduler runs restarts
   * @param changed called whenever another process runs the part
   */
  SupervisedPart(
      Part part, ScheduledExecutorService scheduler, Progress progress, Runnable changed) {
    this.part = part;
    this.scheduler = scheduler;
    this.progress = progress;
    this.changed = changed;
  }

  Part part() {
    return part;
  }

  /** The process that runs or last ran the part. */
  synchronized Optional<ProcessRecord> lastProcess() {
    return Optional.ofNullable(processRecord);
  }

  /**
   * Starts the part and waits until it serves.
   *
   * @throws MeshException when it ends before it serves, or takes too long
   */
  void start() {
    Progress.Step step = progress.begin(part.name());
    try {
      launch();
      awaitReady();
      superviseFromNowOn();
      step.done("port " + part.port());
    } catch (IOException e) {
      step.failed();
      throw failure("could not be started: " + e.getMessage());
    } catch (MeshException e) {
      step.failed();
      throw e;
    }
  }

  /** An end before this is a failure of the start, and reported as one. */
  private void superviseFromNowOn() {
    synchronized (this) {
      served = true;
    }
    if (!process.isAlive()) {
      ended(process);
    }
  }

  private void launch() throws IOException {
    synchronized (this) {
      if (stopping) {
        throw new MeshException("The mesh is being stopped.");
      }
      process = part.launch();
      processRecord = ProcessRecord.of(part.name(), process, part.directory(), part.port());
    }
    changed.run();
    ProcessHandle launched = process;
    launched.onExit().thenRun(() -> ended(launched));
  }

  private void awaitReady() {
    Instant deadline = Instant.now().plus(START_PATIENCE);
    while (!part.ready()) {
      if (isStopping()) {
        throw new MeshException("The mesh is being stopped.");
      }
      if (!process.isAlive()) {
        throw failure("ended before it was ready");
      }
      if (Instant.now().isAfter(deadline)) {
        throw failure("was not ready within %d s".formatted(START_PATIENCE.toSeconds()));
      }
      pause(POLL);
    }
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private MeshException failure(String what) {
    return new MeshException(
        "%s %s. The end of %s:%n    %s"
            .formatted(part.name(), what, part.log(), LogTail.of(part.log(), LINES_SHOWN)));
  }

  private synchronized void ended(ProcessHandle which) {
    if (stopping || !served || which != process) {
      return;
    }
    Optional<Duration> pause = policy.afterFailure(Instant.now());
    if (pause.isEmpty()) {
      progress.say(
          "%s ends again and again; not started any more. See %s"
              .formatted(part.name(), part.log()));
      return;
    }
    long millis = pause.get().toMillis();
    progress.say(
        "%s ended (pid %d); starting it again in %.1f s"
            .formatted(part.name(), which.pid(), millis / 1e3));
    scheduler.schedule(this::restart, millis, TimeUnit.MILLISECONDS);
  }

  private void restart() {
    if (isStopping()) {
      return;
    }
    long began = System.nanoTime();
    try {
      launch();
      awaitReady();
      progress.say(
          "%s serves again after %.1f s".formatted(part.name(), (System.nanoTime() - began) / 1e9));
    } catch (IOException | MeshException e) {
      retryUnlessRunning(e);
    }
  }

  /** A process that ended reports itself; one that never came to be has to be reported here. */
  private void retryUnlessRunning(Exception cause) {
    synchronized (this) {
      if (stopping || process.isAlive()) {
        return;
      }
    }
    if (cause instanceof IOException) {
      progress.say("%s could not be started: %s".formatted(part.name(), cause.getMessage()));
      ended(process);
    }
  }

  /** Ends the part; it is not started again. */
  void stop() {
    synchronized (this) {
      stopping = true;
      if (process == null || !process.isAlive()) {
        return;
      }
    }
    part.end(process);
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("The mesh is being stopped.", e);
    }
  }
}
