package dev.facet.quantization.domain.gguf;

/** IEEE 754 half precision. */
public final class Binary16 {
  private Binary16() {}

  /**
   * Exact. The exponent is moved by a multiplication, which also sets subnormals right; infinities
   * and NaN need their exponent filled.
   */
  public static float toFloat(short half) {
    int magnitude = (half & 0x7fff) << 13;
    float value =
        magnitude >= 0x7c00 << 13
            ? Float.intBitsToFloat(magnitude | 0x7f800000)
            : Float.intBitsToFloat(magnitude) * 0x1p112f;
    return half < 0 ? -value : value;
  }
}
