package dev.facet.local.mesh;

import dev.facet.local.process.Termination;
import dev.facet.local.process.WorkingDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a PostgreSQL cluster, and what a crash may have left among them.
 *
 * @param directory the data directory of the cluster
 */
record Cluster(Path directory) {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Path pidFile() {
    return directory.resolve("postmaster.pid");
  }

  private Path marker() {
    return directory.resolveSibling(directory.getFileName() + ".initialised");
  }

  /** Whether the cluster and all databases were created to the end. */
  boolean finished() {
    return Files.exists(marker());
  }

  void markFinished() throws IOException {
    Files.createFile(marker());
  }

  /** Removes a cluster whose creation was cut short; no service ever had data in it. */
  void discardUnfinished() throws IOException {
    if (finished() || Files.notExists(directory)) {
      return;
    }
    endOrphan();
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(directory)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }

  /**
   * Ends a postmaster that outlived its launcher and removes its pid file. Without this PostgreSQL
   * refuses to start whenever the recorded pid is in use, even by a stranger.
   */
  void clearStaleLocks() throws IOException {
    endOrphan();
    Files.deleteIfExists(pidFile());
    Files.deleteIfExists(directory.resolve("epg-lock"));
  }

  /** Ends the postmaster of this cluster; whether there was one. */
  boolean endOrphan() {
    Optional<ProcessHandle> orphan = postmaster();
    orphan.ifPresent(process -> Termination.interrupt(process, PATIENCE));
    return orphan.isPresent();
  }

  /** The running postmaster of this cluster, known by its pid file and its working directory. */
  Optional<ProcessHandle> postmaster() {
    try (Stream<String> lines = Files.lines(pidFile())) {
      return lines
          .findFirst()
          .map(line -> Long.parseLong(line.trim()))
          .flatMap(ProcessHandle::of)
          .filter(ProcessHandle::isAlive)
          .filter(this::worksHere);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean worksHere(ProcessHandle process) {
    Optional<Path> actual = WorkingDirectory.of(process.pid());
    return actual.isPresent()
        ? actual.get().equals(directory)
        : process.info().command().filter(command -> command.endsWith("postgres")).isPresent();
  }
}
