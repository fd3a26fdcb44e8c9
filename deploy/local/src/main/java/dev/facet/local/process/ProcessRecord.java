package dev.facet.local.process;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is written down about a process so that it can be found again by another launcher.
 *
 * <p>A pid alone may have been given to another process since; the time of its start and its
 * working directory tell them apart.
 *
 * @param name the part of the mesh that the process runs
 * @param pid the process id
 * @param startedAt when the operating system says the process began; null where it does not say
 * @param directory the working directory; null when it is not known
 * @param port the port that the part serves on 127.0.0.1
 */
public record ProcessRecord(String name, long pid, Instant startedAt, Path directory, int port) {

  /** The kernel derives start times from the clock of the boot, which may be adjusted meanwhile. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  /**
   * Describes a running process.
   *
   * @param directory the working directory it was given; a JVM leaves it for a moment as it starts,
   *     so that what the operating system shows then may be another
   */
  public static ProcessRecord of(String name, ProcessHandle process, Path directory, int port) {
    Instant startedAt = process.info().startInstant().orElse(null);
    return new ProcessRecord(name, process.pid(), startedAt, directory, port);
  }

  /** The process, when it still runs and is the one that was recorded. */
  public Optional<ProcessHandle> find() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(this::startedThen)
        .filter(this::worksThere);
  }

  private boolean startedThen(ProcessHandle process) {
    Optional<Instant> actual = process.info().startInstant();
    return startedAt == null
        || actual.isEmpty()
        || Duration.between(startedAt, actual.get()).abs().compareTo(CLOCK_TOLERANCE) <= 0;
  }

  private boolean worksThere(ProcessHandle process) {
    Optional<Path> actual = WorkingDirectory.of(process.pid());
    return directory == null || actual.isEmpty() || directory.equals(actual.get());
  }
}
