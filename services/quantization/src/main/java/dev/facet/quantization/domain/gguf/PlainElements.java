package dev.facet.quantization.domain.gguf;

import java.nio.ByteBuffer;

/** Types that hold each weight by itself; all conversions are exact. */
final class PlainElements {
  private PlainElements() {}

  static void float32(ByteBuffer in, int count, float[] target, int offset) {
    in.asFloatBuffer().get(target, offset, count);
  }

  static void binary16(ByteBuffer in, int count, float[] target, int offset) {
    for (int i = 0, at = in.position(); i < count; i++) {
      target[offset + i] = Binary16.toFloat(in.getShort(at + 2 * i));
    }
  }

  static void bfloat16(ByteBuffer in, int count, float[] target, int offset) {
    for (int i = 0, at = in.position(); i < count; i++) {
      target[offset + i] = Float.intBitsToFloat(in.getShort(at + 2 * i) << 16);
    }
  }
}
