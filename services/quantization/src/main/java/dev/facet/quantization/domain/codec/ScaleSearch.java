package dev.facet.quantization.domain.codec;

import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;
import static dev.facet.quantization.domain.kernel.GroupBlock.LANES;

import dev.facet.quantization.domain.kernel.GroupBlock;
import dev.facet.quantization.domain.kernel.QuantizationKernel;
import java.util.Arrays;

/**
 * Finds the scale and the shift of each group of a block with the least weighted error, first among
 * free scales, then among the 127 steps that the row's scale leaves. Ties go to the candidate tried
 * first, so the result does not depend on the kernel.
 */
final class ScaleSearch {
  /** Free scales tried for a group. */
  private static final int CANDIDATES = 20;

  /** Steps tried on either side of the free scale's. */
  private static final int NEIGHBOURS = 3;

  private static final int STEPS = 127;

  final byte[] scaleBytes = new byte[LANES];
  final byte[] cells = new byte[GROUP * LANES];

  private final CodeSettings settings;
  private final GroupBlock block;
  private final float[] largest = new float[LANES];
  private final float[] energy = new float[LANES];
  private final float[] scales = new float[LANES];
  private final float[] shifts = new float[LANES];
  private final float[] errors = new float[LANES];
  private final float[] leastErrors = new float[LANES];

  ScaleSearch(CodeSettings settings, GroupBlock block) {
    this.settings = settings;
    this.block = block;
  }

  /**
   * The least scale tried, as a share of the group's largest weight: few levels are worth clipping
   * for, many are not.
   */
  private static float from(int anchor) {
    return switch (anchor) {
      case 2 -> 0.45f;
      case 3 -> 0.6f;
      case 4 -> 0.7f;
      case 5 -> 0.8f;
      default -> 0.88f;
    };
  }

  /** The greatest scale tried, as a share of the group's largest weight. */
  private static float to(int anchor) {
    return switch (anchor) {
      case 2 -> 1.4f;
      case 3 -> 1.25f;
      case 4 -> 1.15f;
      default -> 1.06f;
    };
  }

  /** Writes the best free scale of each lane to {@code ideal[offset..]}; 0 for a lane of zeros. */
  void idealScales(QuantizationKernel kernel, float[] ideal, int offset) {
    measure();
    Arrays.fill(leastErrors, Float.POSITIVE_INFINITY);
    Arrays.fill(shifts, 0);
    float from = from(settings.anchor());
    float step = (to(settings.anchor()) - from) / (CANDIDATES - 1);
    for (int candidate = 0; candidate < CANDIDATES; candidate++) {
      for (int g = 0; g < LANES; g++) {
        scales[g] = largest[g] > 0 ? largest[g] * (from + candidate * step) : 1;
      }
      kernel.errors(block, scales, shifts, settings.anchor(), settings.prefixShare(), errors);
      for (int g = 0; g < LANES; g++) {
        if (errors[g] < leastErrors[g]) {
          leastErrors[g] = errors[g];
          ideal[offset + g] = largest[g] > 0 ? scales[g] : 0;
        }
      }
    }
  }

  private void measure() {
    Arrays.fill(largest, 0);
    Arrays.fill(energy, 0);
    for (int i = 0; i < GROUP; i++) {
      for (int g = 0; g < LANES; g++) {
        float value = block.values[i * LANES + g];
        largest[g] = Math.max(largest[g], Math.abs(value));
        energy[g] += value * value * block.importance[i * LANES + g];
      }
    }
  }

  /**
   * Chooses the scale byte and the cells of each lane.
   *
   * @param rowScales scale of the lane's row, in the units of the block
   * @param ideal free scales found before, from {@code offset} on
   */
  void quantize(QuantizationKernel kernel, float[] rowScales, float[] ideal, int offset) {
    measure();
    for (int g = 0; g < LANES; g++) {
      leastErrors[g] = energy[g] * (1 + settings.prefixShare());
      scaleBytes[g] = 0;
    }
    for (int neighbour = -NEIGHBOURS; neighbour <= NEIGHBOURS; neighbour++) {
      tryStep(kernel, rowScales, ideal, offset, neighbour, false);
      if (settings.shift() != 0) {
        tryStep(kernel, rowScales, ideal, offset, neighbour, true);
      }
    }
    assignCells(kernel, rowScales);
  }

  private void tryStep(
      QuantizationKernel kernel,
      float[] rowScales,
      float[] ideal,
      int offset,
      int neighbour,
      boolean down) {
    for (int g = 0; g < LANES; g++) {
      scales[g] = scale(rowScales[g], step(rowScales[g], ideal[offset + g], neighbour));
    }
    Arrays.fill(shifts, down ? -settings.shift() : settings.shift());
    kernel.errors(block, scales, shifts, settings.anchor(), settings.prefixShare(), errors);
    for (int g = 0; g < LANES; g++) {
      if (errors[g] < leastErrors[g]) {
        leastErrors[g] = errors[g];
        int step = step(rowScales[g], ideal[offset + g], neighbour);
        scaleBytes[g] = (byte) (down ? step | 0x80 : step);
      }
    }
  }

  private static int step(float rowScale, float ideal, int neighbour) {
    int nearest = rowScale > 0 ? Math.round(ideal / rowScale * STEPS) : 1;
    return Math.min(Math.max(nearest + neighbour, 1), STEPS);
  }

  private static float scale(float rowScale, int step) {
    return rowScale > 0 ? rowScale * (step / (float) STEPS) : 1;
  }

  private void assignCells(QuantizationKernel kernel, float[] rowScales) {
    for (int g = 0; g < LANES; g++) {
      int step = scaleBytes[g] & 0x7f;
      scales[g] = step == 0 ? 1 : scale(rowScales[g], step);
      shifts[g] = scaleBytes[g] < 0 ? -settings.shift() : settings.shift();
    }
    kernel.cells(block, scales, shifts, settings.anchor(), cells);
    for (int g = 0; g < LANES; g++) {
      if ((scaleBytes[g] & 0x7f) == 0) {
        for (int i = 0; i < GROUP; i++) {
          cells[i * LANES + g] = 0;
        }
      }
    }
  }
}
