package dev.facet.quantization.adapter.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps what took long to compute in files named by the digest of what it was computed from. A file
 * that cannot be read is computed again; one that cannot be written is done without. The files not
 * used for longest go once all together are larger than {@value #MOST_BYTES} bytes.
 */
final class ContentCache {
  private static final long MOST_BYTES = 4L << 30;

  private final Optional<Path> folder;

  /**
   * @param folder made when it is not there; empty to keep nothing
   */
  ContentCache(Optional<Path> folder) {
    this.folder = folder;
  }

  /** Reads a value back. */
  @FunctionalInterface
  interface Reader<T> {
    T read(InputStream source) throws IOException;
  }

  /** Writes a value. */
  @FunctionalInterface
  interface Writer<T> {
    void write(T value, OutputStream target) throws IOException;
  }

  /**
   * @param name of the file: a digest of all that the value depends on, and its kind
   */
  <T> T get(String name, Reader<T> reader, Writer<T> writer, Supplier<T> compute) {
    if (folder.isEmpty()) {
      return compute.get();
    }
    Path file = folder.get().resolve(name);
    Optional<T> kept = read(file, reader);
    if (kept.isPresent()) {
      return kept.get();
    }
    T value = compute.get();
    try {
      write(file, value, writer);
      prune();
    } catch (IOException fullOrReadOnly) {
      return value;
    }
    return value;
  }

  private static <T> Optional<T> read(Path file, Reader<T> reader) {
    try (InputStream source = Files.newInputStream(file)) {
      T value = reader.read(source);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(value);
    } catch (IOException | UncheckedIOException absentOrDamaged) {
      return Optional.empty();
    }
  }

  private <T> void write(Path file, T value, Writer<T> writer) throws IOException {
    Files.createDirectories(folder.get());
    Path draft = Files.createTempFile(folder.get(), ".draft-", "");
    try {
      try (OutputStream target = Files.newOutputStream(draft)) {
        writer.write(value, target);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private void prune() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.get())) {
      entries.forEach(files::add);
    }
    files.sort(Comparator.comparing(ContentCache::lastUsed).reversed());
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
      if (bytes > MOST_BYTES) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static FileTime lastUsed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }
}
