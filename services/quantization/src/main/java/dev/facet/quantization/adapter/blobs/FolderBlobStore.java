package dev.facet.quantization.adapter.blobs;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.application.BlobStore;
import dev.facet.quantization.application.MissingBlob;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Blobs as files {@code <first two digits>/<64 digits>}. A blob is written beside its place, forced
 * to disk, renamed into place in one step, and the folder is forced too: a crash leaves it whole or
 * absent.
 */
final class FolderBlobStore implements BlobStore {
  private final Path root;
  private final Counter written;

  /**
   * @param written counts bytes that were not stored before
   */
  FolderBlobStore(Path root, Counter written) {
    this.root = root.toAbsolutePath().normalize();
    this.written = written;
  }

  @Override
  public BlobRef put(byte[] bytes) {
    String sha256 = Digest.of(bytes).hex();
    Path place = place(sha256);
    try {
      if (!isThere(place, bytes.length)) {
        write(bytes, place);
        written.increment(bytes.length);
      }
      return new BlobRef(sha256, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot store blob " + sha256, e);
    }
  }

  @Override
  public byte[] read(String sha256) {
    try {
      byte[] bytes = Files.readAllBytes(place(new Digest(sha256).hex()));
      if (!Digest.of(bytes).hex().equals(sha256)) {
        throw new MissingBlob(sha256, "is damaged", null);
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new MissingBlob(sha256, "is not in the store", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read blob " + sha256, e);
    }
  }

  @Override
  public void remove(String sha256) {
    try {
      Files.deleteIfExists(place(new Digest(sha256).hex()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove blob " + sha256, e);
    }
  }

  private Path place(String sha256) {
    return root.resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private static boolean isThere(Path place, long bytes) throws IOException {
    return Files.isRegularFile(place) && Files.size(place) == bytes;
  }

  private void write(byte[] bytes, Path place) throws IOException {
    Path folder = place.getParent();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      force(root);
    }
    Path beside = folder.resolve("." + place.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      writeForced(bytes, beside);
      Files.move(
          beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
    force(folder);
  }

  private static void writeForced(byte[] bytes, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** Makes names in a folder durable. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
