package dev.facet.quantization.domain.kernel;

import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;
import static dev.facet.quantization.domain.kernel.GroupBlock.LANES;

/** The reference: what the other kernels must reproduce bit for bit. */
public final class ScalarQuantizationKernel implements QuantizationKernel {

  @Override
  public void errors(
      GroupBlock block,
      float[] scales,
      float[] shifts,
      int anchor,
      float prefixShare,
      float[] errors) {
    for (int lane = 0; lane < LANES; lane++) {
      float sum =
          prefixShare == 0
              ? anchorError(block, lane, 1 / scales[lane], shifts[lane], anchor)
              : jointError(block, lane, 1 / scales[lane], shifts[lane], anchor, prefixShare);
      errors[lane] = sum * scales[lane] * scales[lane];
    }
  }

  /** Sum over a lane in units of its squared scale. */
  private static float anchorError(
      GroupBlock block, int lane, float inverse, float shift, int anchor) {
    float half = 1 << (anchor - 1);
    float step = 1 / half;
    float lowest = 0.5f * step - 1;
    float highestCell = 2 * half - 1;
    float sum = 0;
    for (int i = lane; i < GROUP * LANES; i += LANES) {
      float unit = block.values[i] * inverse - shift;
      int cell = (int) Math.min(Math.max(unit * half + half, 0), highestCell);
      float error = unit - (cell * step + lowest);
      sum += error * error * block.importance[i];
    }
    return sum;
  }

  private static float jointError(
      GroupBlock block, int lane, float inverse, float shift, int anchor, float prefixShare) {
    float half = 1 << (anchor - 1);
    float step = 1 / half;
    float lowest = 0.5f * step - 1;
    float highestCell = 2 * half - 1;
    int dropped = anchor - 2;
    float sum = 0;
    for (int i = lane; i < GROUP * LANES; i += LANES) {
      float unit = block.values[i] * inverse - shift;
      int cell = (int) Math.min(Math.max(unit * half + half, 0), highestCell);
      float error = unit - (cell * step + lowest);
      float prefixError = unit - ((cell >> dropped) * 0.5f - 0.75f);
      sum += (error * error + prefixError * prefixError * prefixShare) * block.importance[i];
    }
    return sum;
  }

  @Override
  public void cells(GroupBlock block, float[] scales, float[] shifts, int anchor, byte[] cells) {
    float half = 1 << (anchor - 1);
    float highestCell = 2 * half - 1;
    for (int lane = 0; lane < LANES; lane++) {
      float inverse = 1 / scales[lane];
      for (int i = lane; i < GROUP * LANES; i += LANES) {
        float unit = block.values[i] * inverse - shifts[lane];
        cells[i] = (byte) (int) Math.min(Math.max(unit * half + half, 0), highestCell);
      }
    }
  }
}
