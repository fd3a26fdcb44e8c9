package dev.facet.quantization.domain.transformer;

import static dev.facet.quantization.domain.transformer.KvPrecision.GROUP;
import static dev.facet.quantization.domain.transformer.KvPrecision.SINKS;
import static dev.facet.quantization.domain.transformer.KvPrecision.VALUE_GROUP;

/**
 * Keys and values as a quantized cache gives them back: affine codes whose scale and least value
 * are float16.
 */
final class CodedKv {
  private CodedKv() {}

  /**
   * @param keys {@code count x width}
   * @return the same, decoded; tokens that are never coded as they are
   */
  static float[] keys(float[] keys, int width, int bits) {
    float[] coded = keys.clone();
    int count = keys.length / width;
    for (int first = SINKS; first + GROUP <= count; first += GROUP) {
      for (int channel = 0; channel < width; channel++) {
        code(coded, first * width + channel, width, GROUP, bits);
      }
    }
    return coded;
  }

  /**
   * @param values {@code count x heads x headDim}; a head's last group may have fewer channels
   */
  static float[] values(float[] values, int heads, int headDim, int bits) {
    float[] coded = values.clone();
    for (int head = SINKS * heads; head < values.length / headDim; head++) {
      for (int first = 0; first < headDim; first += VALUE_GROUP) {
        code(coded, head * headDim + first, 1, Math.min(VALUE_GROUP, headDim - first), bits);
      }
    }
    return coded;
  }

  private static void code(float[] values, int from, int stride, int count, int bits) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, values[from + i * stride]);
      greatest = Math.max(greatest, values[from + i * stride]);
    }
    int most = (1 << bits) - 1;
    float base = half(least);
    float step = half((greatest - base) / most);
    for (int i = 0; i < count; i++) {
      float value = values[from + i * stride];
      int code = step > 0 ? Math.round((value - base) / step) : 0;
      values[from + i * stride] = base + Math.min(Math.max(code, 0), most) * step;
    }
  }

  /** The nearest number with 11 significant bits: float16 within its range. */
  private static float half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = bits + 0xfff + (bits >>> 13 & 1) & ~0x1fff;
    return Float.intBitsToFloat(rounded);
  }
}
