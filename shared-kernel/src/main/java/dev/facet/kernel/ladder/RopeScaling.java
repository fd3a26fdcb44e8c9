package dev.facet.kernel.ladder;

import java.util.List;

/**
 * Stretching of rotary frequencies.
 *
 * @param type {@code llama3}, {@code linear} or {@code longrope}
 * @param factor by which low frequencies ({@code llama3}) or all ({@code linear}) are slowed
 * @param lowFreqFactor of {@code llama3}: wavelengths above {@code originalContextLength /
 *     lowFreqFactor} are slowed fully
 * @param highFreqFactor of {@code llama3}: wavelengths below {@code originalContextLength /
 *     highFreqFactor} are kept
 * @param originalContextLength positions the model was first trained on
 * @param shortFactors of {@code longrope}: by which each frequency is slowed in a run whose context
 *     is no longer than the original; null otherwise
 * @param longFactors of {@code longrope}: the same for longer contexts
 * @param amplitude of {@code longrope}: turned elements are multiplied by it; null otherwise
 */
public record RopeScaling(
    String type,
    double factor,
    double lowFreqFactor,
    double highFreqFactor,
    int originalContextLength,
    List<Double> shortFactors,
    List<Double> longFactors,
    Double amplitude) {
  public static final String LLAMA3 = "llama3";
  public static final String LINEAR = "linear";
  public static final String LONGROPE = "longrope";

  /** Stretching as Llama 3 does it. */
  public static RopeScaling llama3(double factor, double low, double high, int originalContext) {
    return new RopeScaling(LLAMA3, factor, low, high, originalContext, null, null, null);
  }

  /** All frequencies slowed alike. */
  public static RopeScaling linear(double factor, int originalContext) {
    return new RopeScaling(LINEAR, factor, 1, 1, originalContext, null, null, null);
  }

  /** Each frequency slowed by a factor of its own. */
  public static RopeScaling longrope(
      List<Double> shortFactors, List<Double> longFactors, double amplitude, int originalContext) {
    return new RopeScaling(
        LONGROPE, 1, 1, 1, originalContext, shortFactors, longFactors, amplitude);
  }
}
