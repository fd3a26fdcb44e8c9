package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.kernel.QuantizationKernel;
import dev.facet.quantization.domain.kernel.ScalarQuantizationKernel;
import dev.facet.quantization.domain.kernel.VectorQuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.Arrays;

/**
 * Measures the steps of calibrated coding on a matrix made up for it, with one kind of kernels. The
 * best of some rounds counts, since a busy host slows the others.
 */
public final class CodingSpeed {
  private static final int ANCHOR = 4;
  private static final int TOKENS = 512;

  private final FeedbackKernel kernel;
  private final QuantizationKernel quantization;
  private final int rounds;

  private CodingSpeed(FeedbackKernel kernel, QuantizationKernel quantization, int rounds) {
    this.kernel = kernel;
    this.quantization = quantization;
    this.rounds = rounds;
  }

  /** With the reference kernels. */
  public static CodingSpeed scalar(int rounds) {
    return new CodingSpeed(new ScalarFeedbackKernel(), new ScalarQuantizationKernel(), rounds);
  }

  /** With the Vector API, whose module must be present. */
  public static CodingSpeed vector(int rounds) {
    return new CodingSpeed(new VectorFeedbackKernel(), new VectorQuantizationKernel(), rounds);
  }

  /**
   * Embedded coding with the weighted search for scales and shifts.
   *
   * @return weights a second
   */
  public double search(int rows, int cols, Workers workers) {
    float[] weights = CorrelatedInputs.weights(rows * cols, 2);
    float[] importance = CorrelatedInputs.tokens(1, cols, 1);
    for (int i = 0; i < cols; i++) {
      importance[i] = 0.1f + importance[i] * importance[i];
    }
    EmbeddedEncoder encoder = new EmbeddedEncoder(quantization, workers);
    CodeSettings settings = CodeSettings.forAnchor(ANCHOR);
    return weights.length
        / leastSeconds(() -> encoder.encode(weights, rows, cols, settings, importance));
  }

  /**
   * The sweep with error feedback, on the calling thread.
   *
   * @return weights a second
   */
  public double sweep(int rows, int cols) {
    Workers caller = Workers.caller();
    float[] weights = CorrelatedInputs.weights(rows * cols, 2);
    Hessian hessian = new Hessian(cols);
    hessian.add(CorrelatedInputs.tokens(TOKENS, cols, 1), TOKENS, caller);
    LayerInputs inputs = LayerInputs.of(hessian, caller);
    EmbeddedMatrix start =
        new EmbeddedEncoder(quantization, caller)
            .encode(weights, rows, cols, CodeSettings.forAnchor(ANCHOR), inputs.importance());
    RowTile[] tiles = new RowTile[(rows + LaneColumn.LANES - 1) / LaneColumn.LANES];
    Arrays.setAll(tiles, t -> new RowTile(weights, start, t * LaneColumn.LANES));
    return weights.length
        / leastSeconds(
            () -> {
              for (RowTile tile : tiles) {
                new FeedbackSweep(kernel, inputs.factor, tile).run();
              }
            });
  }

  private double leastSeconds(Runnable step) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      step.run();
      least = Math.min(least, System.nanoTime() - start);
    }
    return least / 1e9;
  }
}
