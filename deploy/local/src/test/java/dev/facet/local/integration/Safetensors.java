package dev.facet.local.integration;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** The container of weights: eight bytes of length, a JSON header, the tensors' bytes. */
final class Safetensors {

  private static final int LENGTH_BYTES = 8;

  private Safetensors() {}

  static byte[] withHeader(byte[] file, UnaryOperator<String> change) {
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(file, LENGTH_BYTES, length, StandardCharsets.UTF_8);
    String changed = change.apply(header);
    if (changed.equals(header)) {
      throw new IllegalArgumentException("the header is as it was: " + header);
    }
    byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
    byte[] data = Arrays.copyOfRange(file, LENGTH_BYTES + length, file.length);
    return ByteBuffer.allocate(LENGTH_BYTES + bytes.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .put(data)
        .array();
  }

  /** With the last two bytes, a bfloat16, made a NaN. */
  static byte[] endingInNan(byte[] file) {
    byte[] changed = file.clone();
    changed[file.length - 1] = 0x7f;
    changed[file.length - 2] = (byte) 0xc0;
    return changed;
  }
}
