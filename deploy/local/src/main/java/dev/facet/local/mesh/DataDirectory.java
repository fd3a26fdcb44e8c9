package dev.facet.local.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where a mesh keeps everything: databases, topics, blobs, models, secrets, logs and its state.
 *
 * @param path an absolute path
 */
public record DataDirectory(Path path) {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /**
   * Creates the directory where it is missing, for its owner only: the folder into which PostgreSQL
   * is unpacked is open to all, and must not be reachable by them.
   *
   * @throws MeshException when it belongs to someone else or cannot be written
   */
  public static DataDirectory prepare(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute, OWNER_ONLY);
      DataDirectory directory = new DataDirectory(absolute.toRealPath());
      directory.requireOwnership();
      Files.createDirectories(directory.logs());
      return directory;
    } catch (IOException e) {
      throw new MeshException(
          "The data directory %s cannot be created or written (%s).%nChoose another with --data DIR."
              .formatted(absolute, e.getClass().getSimpleName()),
          e);
    }
  }

  /** The directory at a path, whether or not a mesh was ever run on it. */
  public static DataDirectory at(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return new DataDirectory(Files.exists(absolute) ? absolute.toRealPath() : absolute);
    } catch (IOException e) {
      return new DataDirectory(absolute);
    }
  }

  private void requireOwnership() throws IOException {
    String owner = Files.getOwner(path).getName();
    String user = currentUser();
    if (!owner.equals(user)) {
      throw new MeshException(
          "The data directory %s belongs to %s, and this is %s.%n".formatted(path, owner, user)
              + "Run as %s, or choose another directory with --data DIR.".formatted(owner));
    }
    if (!Files.isWritable(path)) {
      throw new MeshException(
          "The data directory %s is not writable.%nChoose another with --data DIR."
              .formatted(path));
    }
  }

  private static String currentUser() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self) ? Files.getOwner(self).getName() : System.getProperty("user.name");
  }

  public Path state() {
    return path.resolve("mesh.json");
  }

  public Path lock() {
    return path.resolve("lock");
  }

  public Path secrets() {
    return path.resolve("secrets");
  }

  public Path postgresql() {
    return path.resolve("postgresql");
  }

  public Path kafka() {
    return path.resolve("kafka");
  }

  public Path blobs() {
    return path.resolve("blobs");
  }

  public Path sources() {
    return path.resolve("sources");
  }

  public Path models() {
    return path.resolve("models");
  }

  public Path logs() {
    return path.resolve("log");
  }

  /** The log of one part. */
  public Path log(String part) {
    return logs().resolve(part + ".log");
  }
}
