package dev.facet.local.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file named after this process in {@code .facet/run}, by which the {@code facet} script knows
 * that the built programs are in use and must not be replaced.
 */
final class RunMarker {

  private final Path file;

  private RunMarker(Path file) {
    this.file = file;
  }

  /** Places the file; in a checkout that cannot be written nothing can be built either. */
  static RunMarker place(Installation installation) {
    Path folder = installation.root().resolve(".facet/run");
    Path file = folder.resolve(String.valueOf(ProcessHandle.current().pid()));
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(file);
      Files.createFile(file);
    } catch (IOException e) {
      return new RunMarker(null);
    }
    return new RunMarker(file);
  }

  void remove() {
    if (file != null) {
      file.toFile().delete();
    }
  }
}
