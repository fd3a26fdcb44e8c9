package dev.facet.quantization.adapter.download;

import dev.facet.kernel.identity.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file on its way. The name of its part carries the entity tag, so that parts of different
 * versions are never joined; the file itself appears when it is whole. Calls block.
 */
final class PartialFile {
  private static final int CHUNK = 1 << 20;
  private static final String ENDING = ".part";

  private final Path folder;
  private final String name;

  PartialFile(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  String name() {
    return name;
  }

  Path target() {
    return folder.resolve(name);
  }

  private Path tag() {
    return folder.resolve("." + name + ".tag");
  }

  /** Where bytes of that version go; without a tag nothing is resumed. */
  Path part(String tag) {
    return folder.resolve("." + name + "." + key(tag) + ENDING);
  }

  private static String key(String tag) {
    return tag == null ? "untagged" : Digest.of(tag.getBytes(StandardCharsets.UTF_8)).abbreviated();
  }

  /** Bytes of a part that can be resumed; 0 if there is none. */
  long resumable() throws IOException {
    long bytes = 0;
    for (Path part : parts()) {
      if (!part.equals(part(null))) {
        bytes = Math.max(bytes, Files.size(part));
      }
    }
    return bytes;
  }

  /** Bytes that are there of that version. */
  long present(String tag) throws IOException {
    Path part = part(tag);
    return tag != null && Files.exists(part) ? Files.size(part) : 0;
  }

  /** Whether the whole file of that version is there. */
  boolean isDone(String tag, long size) throws IOException {
    return tag != null
        && Files.isRegularFile(target())
        && Files.exists(tag())
        && Files.readString(tag()).equals(tag)
        && Files.size(target()) == size;
  }

  /** Forgets the parts of other versions. */
  void keepOnly(String tag) throws IOException {
    for (Path part : parts()) {
      if (!part.equals(part(tag))) {
        Files.delete(part);
      }
    }
  }

  /** Makes the part the file. */
  void complete(String tag) throws IOException {
    Files.deleteIfExists(tag());
    Files.move(part(tag), target(), StandardCopyOption.ATOMIC_MOVE);
    if (tag != null) {
      Files.writeString(tag(), tag);
    }
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(path -> path.getFileName().toString().startsWith("." + name + "."))
          .filter(path -> path.getFileName().toString().endsWith(ENDING))
          .toList();
    }
  }

  /**
   * The digest that a tag of the Hub would be: SHA-256 for large files, the name of a git blob for
   * others; null for tags of another form.
   */
  String digest(String tag) throws IOException {
    if (tag == null || !tag.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
      return null;
    }
    Path part = part(tag);
    MessageDigest digest = tag.length() == 64 ? Digest.sha256() : gitBlob(Files.size(part));
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(part)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest gitBlob(long size) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update("blob %d\0".formatted(size).getBytes(StandardCharsets.US_ASCII));
      return sha1;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
