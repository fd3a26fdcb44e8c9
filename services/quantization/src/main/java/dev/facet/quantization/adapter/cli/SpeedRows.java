package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.domain.calibration.CodingSpeed;
import dev.facet.quantization.domain.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Speed of coding in CPU time, each figure beside the scalar reference's of the same run. */
final class SpeedRows {
  private static final int WIDTH = 4096;
  private static final int ROWS = 512;
  private static final int ROUNDS = 8;
  private static final String UNIT = "M weights/s (CPU time)";
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
    add(
        "embedded coding, two threads, scalar reference",
        CodingSpeed.scalar(ROUNDS / 2).search(ROWS / 4, WIDTH),
        null);
    if (Kernels.vectorModulePresent()) {
      add(
          "embedded coding, two threads",
          CodingSpeed.vector(ROUNDS).search(ROWS, WIDTH),
          SEARCH_FLOOR);
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
