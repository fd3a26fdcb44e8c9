package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.domain.calibration.CodingSpeed;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;

/** Speed of coding, each figure beside the scalar reference's of the same run. */
final class SpeedRows {
  private static final int WIDTH = 4096;
  private static final int ROWS = 512;
  private static final int ROUNDS = 8;
  private static final String UNIT = "M weights/s";
  private static final double SEARCH_FLOOR = 40;
  private static final double SWEEP_FLOOR = 3;

  private final IntConsumer progress;
  private final List<BenchRow> rows = new ArrayList<>();

  /**
   * @param progress told the number of rows measured
   */
  SpeedRows(IntConsumer progress) {
    this.progress = progress;
  }

  List<BenchRow> measure() {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Workers two = new Workers(pool, 2);
      double scalar = CodingSpeed.scalar(ROUNDS / 2).search(ROWS, WIDTH, two);
      add("embedded coding, two threads, scalar reference", scalar, null);
      if (Kernels.vectorModulePresent()) {
        double vector = CodingSpeed.vector(ROUNDS).search(2 * ROWS, WIDTH, two);
        add("embedded coding, two threads", vector, SEARCH_FLOOR);
      }
    } finally {
      pool.shutdown();
    }
    add(
        "error feedback sweep, width 4096, one thread, scalar reference",
        CodingSpeed.scalar(ROUNDS / 4).sweep(ROWS / 8, WIDTH),
        null);
    if (Kernels.vectorModulePresent()) {
      add(
          "error feedback sweep, width 4096, one thread",
          CodingSpeed.vector(ROUNDS).sweep(ROWS, WIDTH),
          SWEEP_FLOOR);
    }
    return rows;
  }

  private void add(String name, double weightsPerSecond, Double floor) {
    rows.add(BenchRow.higher(name, weightsPerSecond / 1e6, UNIT, floor, floor));
    progress.accept(rows.size());
  }
}
