package dev.facet.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The working directory of a process. */
public final class WorkingDirectory {

  private WorkingDirectory() {}

  /** The working directory, or empty where the operating system does not show it to this user. */
  public static Optional<Path> of(long pid) {
    Path link = Path.of("/proc", String.valueOf(pid), "cwd");
    try {
      return Optional.of(Files.readSymbolicLink(link));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
