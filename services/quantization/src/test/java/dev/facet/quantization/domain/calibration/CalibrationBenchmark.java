package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.kernel.QuantizationKernel;
import dev.facet.quantization.domain.kernel.ScalarQuantizationKernel;
import dev.facet.quantization.domain.kernel.VectorQuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Speed of each step of calibrated coding on one thread, vector kernels beside the scalar
 * reference, in CPU time of that thread so that a busy host does not show. Arguments: width and
 * rows, 4096 and 512 if left out.
 */
public final class CalibrationBenchmark {
  private static final int TOKENS = 512;
  private static final int ROUNDS = 3;
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
  private static final Workers CALLER = Workers.caller();

  private final FeedbackKernel kernel;
  private final EmbeddedEncoder search;
  private final int cols;
  private final int rows;

  private CalibrationBenchmark(
      FeedbackKernel kernel, QuantizationKernel quantization, int cols, int rows) {
    this.kernel = kernel;
    this.search = new EmbeddedEncoder(quantization, CALLER);
    this.cols = cols;
    this.rows = rows;
  }

  public static void main(String[] args) {
    int cols = args.length > 0 ? Integer.parseInt(args[0]) : 4096;
    int rows = args.length > 1 ? Integer.parseInt(args[1]) : 512;
    new CalibrationBenchmark(new VectorFeedbackKernel(), new VectorQuantizationKernel(), cols, rows)
        .run("vector");
    int few = Math.min(rows, LaneColumn.LANES);
    new CalibrationBenchmark(new ScalarFeedbackKernel(), new ScalarQuantizationKernel(), cols, few)
        .run("scalar");
  }

  private void run(String name) {
    float[] inputs = CorrelatedInputs.tokens(TOKENS, cols, 1);
    float[] weights = CorrelatedInputs.weights(rows * cols, 2);
    Hessian hessian = new Hessian(cols);
    double macs = (double) TOKENS * cols * cols / 2;
    print(name, "Hessian", macs, "GMAC/s", () -> hessian.add(inputs, TOKENS, kernel, CALLER));
    LayerInputs layer = LayerInputs.of(hessian, kernel, CALLER);
    CodeSettings settings = CodeSettings.forAnchor(4);
    double count = weights.length;
    print(
        name,
        "scale search",
        1000 * count,
        "M weights/s",
        () -> search.encode(weights, rows, cols, settings, layer.importance()));
    EmbeddedMatrix start = search.encode(weights, rows, cols, settings, layer.importance());
    RowTile[] tiles = new RowTile[(rows + LaneColumn.LANES - 1) / LaneColumn.LANES];
    Arrays.setAll(tiles, t -> new RowTile(weights, start, t * LaneColumn.LANES));
    print(
        name,
        "sweep",
        1000 * count,
        "M weights/s",
        () -> {
          for (RowTile tile : tiles) {
            new FeedbackSweep(kernel, layer.factor, tile).run();
          }
        });
    print(
        name,
        "descent, one pass",
        1000 * count,
        "M weights/s",
        () -> {
          for (RowTile tile : tiles) {
            new GroupDescent(kernel, layer.moments, tile).pass();
          }
        });
  }

  /** The best of some rounds, the first of which warms up. */
  private static void print(String kernel, String what, double work, String unit, Runnable step) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round <= ROUNDS; round++) {
      long start = CLOCK.getCurrentThreadCpuTime();
      step.run();
      best = Math.min(best, CLOCK.getCurrentThreadCpuTime() - start);
    }
    System.out.printf("%-8s %-18s %8.2f %s%n", kernel, what, work / best, unit);
  }
}
