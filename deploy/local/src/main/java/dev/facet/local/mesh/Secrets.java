package dev.facet.local.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Random secrets kept in the data directory, readable by their owner only. */
final class Secrets {

  private static final int BYTES = 32;

  private final Path directory;

  Secrets(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** The secret of a name, made on first use: 64 hex digits. */
  String get(String name) throws IOException {
    return Files.readString(file(name));
  }

  /** The file that holds the secret of a name, made on first use. */
  Path file(String name) throws IOException {
    Path file = directory.resolve(name);
    if (Files.notExists(file)) {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      Path draft = directory.resolve(name + ".new");
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, HexFormat.of().formatHex(random));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return file;
  }

  /** Where shard-streaming keeps the key it signs manifests with. */
  Path signingKey() {
    return directory.resolve("signing-key.pem");
  }
}
