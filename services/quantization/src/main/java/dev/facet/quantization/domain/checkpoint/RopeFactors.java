package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.RopeScaling;
import dev.facet.quantization.domain.gguf.GgufFile;
import dev.facet.quantization.domain.gguf.GgufProblem;
import dev.facet.quantization.domain.gguf.GgufTensor;

/**
 * The tensor by which a GGUF file stretches rotary positions: a divisor for each frequency. Llama
 * 3's settings, from which such a tensor is computed, are found again by trying them.
 */
final class RopeFactors {
  static final String TENSOR = "rope_freqs.weight";

  private static final double LOW = 1;
  private static final double HIGH = 4;
  private static final int LEAST_CONTEXT = 1 << 5;
  private static final int GREATEST_CONTEXT = 1 << 20;
  private static final double TOLERANCE = 1e-4;

  private final String file;
  private final float[] factors;

  private RopeFactors(String file, float[] factors) {
    this.file = file;
    this.factors = factors;
  }

  static RopeFactors read(GgufFile file, int headDim) {
    GgufTensor tensor = file.tensor(TENSOR);
    if (tensor.rows() != 1 || tensor.cols() != headDim / 2) {
      throw new GgufProblem.BadTensor(
          file.name(), TENSOR, "has shape %s, not [%d]".formatted(tensor.shape(), headDim / 2));
    }
    float[] factors = new float[headDim / 2];
    file.read(tensor, 0, 1, factors, 0);
    return new RopeFactors(file.name(), factors);
  }

  /** The settings that give these divisors; null where all are 1. */
  RopeScaling scaling(double base) {
    float factor = 1;
    for (float each : factors) {
      factor = Math.max(factor, each);
    }
    if (factor == 1 && fits(RopeScaling.llama3(1, LOW, HIGH, LEAST_CONTEXT), base)) {
      return null;
    }
    for (int context = LEAST_CONTEXT; context <= GREATEST_CONTEXT; context *= 2) {
      RopeScaling candidate = RopeScaling.llama3(factor, LOW, HIGH, context);
      if (fits(candidate, base)) {
        return candidate;
      }
    }
    throw new GgufProblem.BadTensor(
        file, TENSOR, "stretches positions in another way than Llama 3, which is not run");
  }

  private boolean fits(RopeScaling candidate, double base) {
    for (int i = 0; i < factors.length; i++) {
      double wavelength = 2 * Math.PI * Math.pow(base, (double) i / factors.length);
      double expected = divisor(candidate, wavelength);
      if (!(Math.abs(factors[i] - expected) <= TOLERANCE * expected)) {
        return false;
      }
    }
    return true;
  }

  private static double divisor(RopeScaling scaling, double wavelength) {
    double turns = scaling.originalContextLength() / wavelength;
    double kept =
        (turns - scaling.lowFreqFactor()) / (scaling.highFreqFactor() - scaling.lowFreqFactor());
    double share = Math.max(0, Math.min(1, kept));
    return 1 / ((1 - share) / scaling.factor() + share);
  }
}
