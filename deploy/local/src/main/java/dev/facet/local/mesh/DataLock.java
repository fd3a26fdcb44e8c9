package dev.facet.local.mesh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/** Keeps two launchers from using the same data; the operating system drops it with the process. */
final class DataLock implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;

  private DataLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the lock, or returns empty while another process has it. */
  static Optional<DataLock> take(Path file) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        return Optional.empty();
      }
      // The holder before may have deleted the file between our open and our lock.
      if (Files.exists(file) && isSameFile(file, channel)) {
        return Optional.of(new DataLock(file, channel));
      }
      channel.close();
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Writes through the channel and reads through the path; they agree on the same file only. */
  private static boolean isSameFile(Path file, FileChannel channel) throws IOException {
    byte[] mark = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(mark), 0);
    return Arrays.equals(Files.readAllBytes(file), mark);
  }

  /** Deletes the lock file and lets go. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
  }
}
