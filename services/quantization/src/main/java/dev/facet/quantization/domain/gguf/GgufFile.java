package dev.facet.quantization.domain.gguf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One open GGUF file. Weights are read by position in windows and dequantized block by block, so no
 * tensor need fit in memory and a file that is cut meanwhile gives a problem, not a crash. Safe for
 * use by several threads.
 */
public final class GgufFile implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 17;
  private static final int EXPONENT = 0x7f800000;

  private final String name;
  private final FileChannel channel;
  private final GgufMetadata metadata;
  private final List<GgufTensor> tensors;
  private final Map<String, GgufTensor> byName = new HashMap<>();

  private GgufFile(String name, FileChannel channel, GgufHeader.Content header) {
    this.name = name;
    this.channel = channel;
    this.metadata = header.metadata();
    this.tensors = List.copyOf(header.tensors());
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
  }

  /**
   * @throws GgufProblem when anything about the header is not as it must be
   */
  public static GgufFile open(Path path) {
    String name = path.getFileName().toString();
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return open(name, channel);
      } catch (RuntimeException | IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new GgufProblem.Unreadable(name, e.getClass().getSimpleName());
    }
  }

  /**
   * Reads the header of an open file, which is closed with what comes back.
   *
   * @throws IOException if the file system fails
   */
  public static GgufFile open(String name, FileChannel channel) throws IOException {
    long size = channel.size();
    GgufCursor cursor = new GgufCursor(name, channel, size);
    return new GgufFile(name, channel, new GgufHeader(name, cursor, size).read());
  }

  public String name() {
    return name;
  }

  public GgufMetadata metadata() {
    return metadata;
  }

  /** All tensors in the order of their bytes. */
  public List<GgufTensor> tensors() {
    return new ArrayList<>(tensors);
  }

  /** The tensor of that name, or null. */
  public GgufTensor tensor(String tensor) {
    return byName.get(tensor);
  }

  /**
   * Reads finite weights as float32.
   *
   * @param rows how many rows from {@code firstRow} on
   * @param target receives {@code rows x cols} values from {@code offset} on
   * @throws GgufProblem for a weight that is not finite
   */
  public void read(GgufTensor tensor, long firstRow, int rows, float[] target, int offset) {
    GgufType type = tensor.type();
    long first = firstRow * tensor.rowBlocks();
    long blocks = rows * tensor.rowBlocks();
    int perWindow = WINDOW_BYTES / type.blockBytes();
    for (long done = 0; done < blocks; done += perWindow) {
      int now = (int) Math.min(perWindow, blocks - done);
      long position = tensor.begin() + (first + done) * type.blockBytes();
      ByteBuffer window = window(tensor, position, now * type.blockBytes());
      int at = Math.toIntExact(offset + done * type.blockWeights());
      type.decode(window, now, target, at);
      requireFinite(
          tensor, (first + done) * type.blockWeights(), target, at, now * type.blockWeights());
    }
  }

  private ByteBuffer window(GgufTensor tensor, long position, int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw new GgufProblem.Truncated(
              name, "tensor " + tensor.name(), position + bytes, position + buffer.position());
        }
      }
    } catch (IOException e) {
      throw new GgufProblem.Unreadable(name, e.getClass().getSimpleName());
    }
    return buffer.flip();
  }

  private void requireFinite(GgufTensor tensor, long first, float[] values, int at, int count) {
    int largest = 0;
    for (int i = at; i < at + count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & 0x7fffffff);
    }
    if (largest < EXPONENT) {
      return;
    }
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[at + i])) {
        throw new GgufProblem.BadTensor(
            name, tensor.name(), "has a weight that is not finite at " + (first + i));
      }
    }
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
