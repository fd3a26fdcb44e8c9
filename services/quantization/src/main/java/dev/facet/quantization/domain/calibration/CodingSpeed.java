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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * Measures the steps of calibrated coding on a matrix made up for it, with one kind of kernels, in
 * CPU time of the threads that work, so that other programs on the host do not count. The best of
 * some rounds is taken; the first ones warm up.
 */
public final class CodingSpeed {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
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
   * Embedded coding with the weighted search for scales and shifts, on the calling thread and one
   * more.
   *
   * @return weights a second of both threads
   */
  public double search(int rows, int cols) {
    Other other = new Other();
    ExecutorService pool = Executors.newSingleThreadExecutor(other);
    try {
      return search(rows, cols, new Workers(pool, 2), other);
    } finally {
      pool.shutdown();
    }
  }

  private double search(int rows, int cols, Workers workers, Other other) {
    float[] weights = CorrelatedInputs.weights(rows * cols, 2);
    float[] importance = CorrelatedInputs.tokens(1, cols, 1);
    for (int i = 0; i < cols; i++) {
      importance[i] = 0.1f + importance[i] * importance[i];
    }
    EmbeddedEncoder encoder = new EmbeddedEncoder(quantization, workers);
    CodeSettings settings = CodeSettings.forAnchor(ANCHOR);
    return weights.length
        / leastSeconds(
            () -> encoder.encode(weights, rows, cols, settings, importance),
            () -> (CLOCK.getCurrentThreadCpuTime() + other.cpuTime()) / 2);
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
            },
            CLOCK::getCurrentThreadCpuTime);
  }

  private double leastSeconds(Runnable step, LongSupplier clock) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      long start = clock.getAsLong();
      step.run();
      least = Math.min(least, clock.getAsLong() - start);
    }
    return least / 1e9;
  }

  /** The second thread, whose time can be asked for. */
  private static final class Other implements ThreadFactory {
    private Thread thread;

    @Override
    public Thread newThread(Runnable work) {
      thread = new Thread(work, "coding-speed");
      return thread;
    }

    long cpuTime() {
      return thread == null ? 0 : CLOCK.getThreadCpuTime(thread.getId());
    }
  }
}
