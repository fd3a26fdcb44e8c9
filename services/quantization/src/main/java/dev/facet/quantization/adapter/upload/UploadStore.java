package dev.facet.quantization.adapter.upload;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.identity.Digest;
import dev.facet.quantization.adapter.folders.SourcesDirectory;
import dev.facet.quantization.config.SourcesConfig;
import dev.facet.quantization.domain.source.UploadProblem;
import dev.facet.quantization.domain.source.UploadSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Uploads as files, so that every replica sees the same: {@code .NAME.upload} says what NAME will
 * be, {@code .NAME.part} is what has come of it, NAME appears when it is whole. Calls block.
 */
@ApplicationScoped
class UploadStore {
  private static final int MOST_FILES = 4200;
  private static final int CHUNK = 1 << 20;
  private static final String ANNOUNCED = ".upload";
  private static final String PART = ".part";

  private final SourcesDirectory directory;
  private final SourcesConfig config;
  private final ObjectMapper json;

  UploadStore(SourcesDirectory directory, SourcesConfig config, ObjectMapper json) {
    this.directory = directory;
    this.config = config;
    this.json = json;
  }

  /** What an announcement says. */
  record Announced(long length, String sha256) {}

  UploadSource create() {
    UploadSource upload = new UploadSource(UUID.randomUUID().toString().replace("-", ""));
    directory.prepare(upload);
    return upload;
  }

  /** When the files go if nothing more comes. */
  Instant expiry() {
    return Instant.now().plus(config.keep());
  }

  long maxBytes() {
    return config.maxBytes();
  }

  /** All files by name. */
  List<UploadedFile> files(String id) {
    Path folder = folder(id);
    List<UploadedFile> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.sorted().toList()) {
        String name = path.getFileName().toString();
        if (name.endsWith(ANNOUNCED)) {
          files.add(file(folder, name.substring(1, name.length() - ANNOUNCED.length())));
        }
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  UploadedFile file(String id, String name) {
    return file(folder(id), UploadName.require(name));
  }

  private UploadedFile file(Path folder, String name) {
    try {
      Announced announced =
          json.readValue(folder.resolve("." + name + ANNOUNCED).toFile(), Announced.class);
      Path whole = folder.resolve(name);
      long offset =
          Files.exists(whole) ? announced.length() : Files.size(folder.resolve("." + name + PART));
      return new UploadedFile(name, offset, announced.length(), announced.sha256());
    } catch (IOException e) {
      throw new UploadProblem.NotThere(name);
    }
  }

  /**
   * Announces a file.
   *
   * @param sha256 of the whole file in hex; null for none
   */
  UploadedFile announce(String id, String name, long length, String sha256) {
    Path folder = folder(id);
    requireRoom(id, UploadName.require(name), length);
    try {
      byte[] text = json.writeValueAsBytes(new Announced(length, sha256));
      Files.write(part(id, name), new byte[0], StandardOpenOption.CREATE);
      Files.write(folder.resolve("." + name + ANNOUNCED), text, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new UploadProblem.FileExists(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (length == 0) {
      finish(id, file(id, name));
    }
    return file(id, name);
  }

  private void requireRoom(String id, String name, long length) {
    List<UploadedFile> files = files(id);
    if (files.stream().anyMatch(file -> file.name().equals(name))) {
      throw new UploadProblem.FileExists(name);
    }
    if (files.size() >= MOST_FILES) {
      throw new UploadProblem.TooLarge(name, "the most files of an upload are", MOST_FILES);
    }
    long left = config.maxBytes();
    for (UploadedFile file : files) {
      left -= file.length();
    }
    if (length > left) {
      throw new UploadProblem.TooLarge(name, "the most bytes of an upload are", config.maxBytes());
    }
  }

  /** Where bytes of an announced file go. */
  Path part(String id, String name) {
    return folder(id).resolve("." + UploadName.require(name) + PART);
  }

  /** Keeps other requests, of this and other processes, from writing a file. */
  FileLock lock(String id, String name) {
    try {
      FileChannel channel =
          FileChannel.open(
              folder(id).resolve("." + UploadName.require(name) + ANNOUNCED),
              StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new UploadProblem.InUse(name);
      }
      return lock;
    } catch (IOException e) {
      throw new UploadProblem.NotThere(name);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  void unlock(FileLock lock) {
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes back what came after an offset. */
  void truncate(String id, String name, long offset) {
    try (FileChannel channel = FileChannel.open(part(id, name), StandardOpenOption.WRITE)) {
      channel.truncate(offset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a file whose bytes are all there a file of the checkpoint, if its digest is right. */
  void finish(String id, UploadedFile file) {
    Path part = part(id, file.name());
    try {
      if (file.sha256() != null && !file.sha256().equals(sha256(part))) {
        truncate(id, file.name(), 0);
        throw new UploadProblem.WrongChecksum(file.name(), "sha256");
      }
      Files.move(part, folder(id).resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Digest.sha256();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  void delete(String id, String name) {
    UploadedFile file = file(id, name);
    FileLock lock = lock(id, name);
    try {
      Path folder = folder(id);
      Files.deleteIfExists(folder.resolve(file.name()));
      Files.deleteIfExists(part(id, name));
      Files.deleteIfExists(folder.resolve("." + name + ANNOUNCED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      unlock(lock);
    }
  }

  void delete(String id) {
    directory.remove(folder(id));
  }

  private Path folder(String id) {
    Path folder = directory.place(new UploadSource(id));
    if (!Files.isDirectory(folder)) {
      throw new UploadProblem.NotThere(id);
    }
    return folder;
  }
}
