package dev.facet.quantization.domain.kernel;

/**
 * The exponential function in float32, the same bits on every JDK: {@link Math#exp} may differ in
 * the last place between JVMs. Within 2 units in the last place; results below the smallest normal
 * number are 0.
 */
public final class Exponential {
  private static final float LOWEST = -87.3f;
  private static final float HIGHEST = 88.7f;
  private static final float LOG2_E = 1.44269504f;

  /** ln 2 in two parts; multiples of the first by up to 128 are exact. */
  private static final float LN2_HIGH = 0.693359375f;

  private static final float LN2_LOW = -2.12194440e-4f;

  private Exponential() {}

  /** Infinity above 88.7, NaN for NaN. */
  public static float exp(float x) {
    if (x < LOWEST) {
      return 0;
    }
    if (x > HIGHEST) {
      return Float.POSITIVE_INFINITY;
    }
    int exponent = (int) Math.floor(Math.fma(x, LOG2_E, 0.5f));
    float r = Math.fma(-exponent, LN2_HIGH, x);
    r = Math.fma(-exponent, LN2_LOW, r);
    // The Taylor series to the seventh power; its rest on |r| <= ln 2 / 2 is below 6e-9.
    float sum = Math.fma(r, 1 / 5040f, 1 / 720f);
    sum = Math.fma(r, sum, 1 / 120f);
    sum = Math.fma(r, sum, 1 / 24f);
    sum = Math.fma(r, sum, 1 / 6f);
    sum = Math.fma(r, sum, 0.5f);
    sum = Math.fma(r, sum, 1);
    sum = Math.fma(r, sum, 1);
    return sum * powerOfTwo(exponent >> 1) * powerOfTwo(exponent - (exponent >> 1));
  }

  private static float powerOfTwo(int exponent) {
    return Float.intBitsToFloat(exponent + 127 << 23);
  }
}
