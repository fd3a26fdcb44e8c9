package dev.facet.quantization.domain.codec;

/** The upper half of a float32, as the codec stores row scales. */
final class Bfloat16 {
  private Bfloat16() {}

  /**
   * The least bfloat16 that is not below a non-negative {@code value}; infinity beyond the range.
   */
  static short roundUp(float value) {
    int bits = Float.floatToIntBits(value);
    int high = bits >>> 16;
    return (short) ((bits & 0xffff) == 0 ? high : high + 1);
  }

  static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
