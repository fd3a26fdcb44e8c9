package dev.facet.quantization.domain.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * One open safetensors file. Elements are read by position in windows, so no tensor need fit in
 * memory and a file that is cut meanwhile gives a problem, not a crash. Safe for use by several
 * threads.
 */
final class SafetensorsFile implements AutoCloseable {
  private static final int LENGTH_BYTES = 8;

  /**
   * A quarter of what the format allows: some 200,000 tensors, and little enough that a header of
   * lies does not fill the heap.
   */
  private static final long LARGEST_HEADER = 25_000_000;

  private static final int WINDOW_BYTES = 1 << 17;

  private final String name;
  private final FileChannel channel;
  private final long dataStart;
  private final List<TensorEntry> entries;

  private SafetensorsFile(
      String name, FileChannel channel, long dataStart, List<TensorEntry> entries) {
    this.name = name;
    this.channel = channel;
    this.dataStart = dataStart;
    this.entries = entries;
  }

  static SafetensorsFile open(Path path, JsonSource json) {
    String name = path.getFileName().toString();
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return open(name, channel, json);
      } catch (RuntimeException | IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new CheckpointProblem.Unreadable(name, reason(e));
    }
  }

  /** Reads the header of an open file, which is closed with what comes back. */
  static SafetensorsFile open(String name, FileChannel channel, JsonSource json)
      throws IOException {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw new SafetensorsProblem.TruncatedFile(name, "the header length", LENGTH_BYTES, size);
    }
    long length = readFully(name, channel, 0, LENGTH_BYTES, "the header length").getLong();
    long limit = Math.min(LARGEST_HEADER, size - LENGTH_BYTES);
    if (length < 2 || length > limit) {
      throw new SafetensorsProblem.BadHeaderLength(name, Long.toUnsignedString(length), limit);
    }
    ByteBuffer text = readFully(name, channel, LENGTH_BYTES, (int) length, "the header");
    JsonObject header = JsonObject.parse(json, name, text.array());
    long dataStart = LENGTH_BYTES + length;
    List<TensorEntry> entries = new SafetensorsHeader(name, header, size - dataStart).entries();
    return new SafetensorsFile(name, channel, dataStart, entries);
  }

  String name() {
    return name;
  }

  List<TensorEntry> entries() {
    return entries;
  }

  /**
   * Reads {@code count} finite weights of a tensor as float32.
   *
   * @param first index of the first weight in the tensor
   */
  void read(TensorEntry entry, long first, int count, float[] target, int offset) {
    if (!entry.dtype().weight) {
      throw new CheckpointProblem.UnsupportedDtype(name, entry.name(), entry.dtype().name());
    }
    int perWindow = WINDOW_BYTES / entry.dtype().bytes;
    for (int done = 0; done < count; done += perWindow) {
      int now = Math.min(perWindow, count - done);
      long position = dataStart + entry.begin() + (first + done) * entry.dtype().bytes;
      ByteBuffer window = readWindow(entry, position, now * entry.dtype().bytes);
      entry.dtype().read(window, target, offset + done, now);
      requireFinite(entry, first + done, target, offset + done, now);
    }
  }

  private ByteBuffer readWindow(TensorEntry entry, long position, int bytes) {
    try {
      return readFully(name, channel, position, bytes, "tensor " + entry.name());
    } catch (IOException e) {
      throw new CheckpointProblem.Unreadable(name, reason(e));
    }
  }

  private void requireFinite(TensorEntry entry, long first, float[] values, int offset, int count) {
    int largest = 0;
    for (int i = offset; i < offset + count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & 0x7fffffff);
    }
    if (largest < 0x7f800000) {
      return;
    }
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[offset + i])) {
        throw new CheckpointProblem.NonFiniteWeight(name, entry.name(), first + i);
      }
    }
  }

  private static ByteBuffer readFully(
      String name, FileChannel channel, long position, int bytes, String what) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new SafetensorsProblem.TruncatedFile(
            name, what, position + bytes, position + buffer.position());
      }
    }
    return buffer.flip();
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
