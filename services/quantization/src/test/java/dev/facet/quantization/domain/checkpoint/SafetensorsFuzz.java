package dev.facet.quantization.domain.checkpoint;

import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.fuzz.MemoryFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Any bytes as a safetensors file: a problem or tensors that can be read, nothing else. */
public final class SafetensorsFuzz {
  private static final JsonSource JSON = new JacksonJsonSource();
  private static final int MOST = 4096;

  private SafetensorsFuzz() {}

  public static void fuzzerTestOneInput(byte[] file) throws IOException {
    read(file);
    read(framed(file));
  }

  /** The bytes up to the first zero as a header whose length is right, so that JSON is reached. */
  private static byte[] framed(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != 0) {
      end++;
    }
    byte[] data = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    return ByteBuffer.allocate(8 + end + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(end)
        .put(input, 0, end)
        .put(data)
        .array();
  }

  private static void read(byte[] bytes) throws IOException {
    try (SafetensorsFile file =
        SafetensorsFile.open("fuzz.safetensors", new MemoryFile(bytes), JSON)) {
      for (TensorEntry entry : file.entries()) {
        long count = (entry.end() - entry.begin()) / entry.dtype().bytes;
        int some = (int) Math.min(MOST, count);
        file.read(entry, count - some, some, new float[some], 0);
      }
    } catch (CheckpointProblem refused) {
      requireSaid(refused);
    }
  }

  private static void requireSaid(CheckpointProblem problem) {
    if (!problem.members().containsKey("file") || problem.getMessage().isBlank()) {
      throw new AssertionError("a problem that does not say where", problem);
    }
  }
}
