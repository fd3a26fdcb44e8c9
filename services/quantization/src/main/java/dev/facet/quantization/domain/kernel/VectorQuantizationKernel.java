package dev.facet.quantization.domain.kernel;

import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;
import static dev.facet.quantization.domain.kernel.GroupBlock.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One vector lane a weight group: the scalar reference's operations in the scalar reference's
 * order.
 */
public final class VectorQuantizationKernel implements QuantizationKernel {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  @Override
  public void errors(
      GroupBlock block,
      float[] scales,
      float[] shifts,
      int anchor,
      float prefixShare,
      float[] errors) {
    for (int lane = 0; lane < LANES; lane += FLOATS.length()) {
      FloatVector scale = FloatVector.fromArray(FLOATS, scales, lane);
      FloatVector inverse = FloatVector.broadcast(FLOATS, 1).div(scale);
      FloatVector shift = FloatVector.fromArray(FLOATS, shifts, lane);
      FloatVector sum =
          prefixShare == 0
              ? anchorErrors(block, lane, inverse, shift, anchor)
              : jointErrors(block, lane, inverse, shift, anchor, prefixShare);
      sum.mul(scale).mul(scale).intoArray(errors, lane);
    }
  }

  private static FloatVector anchorErrors(
      GroupBlock block, int lane, FloatVector inverse, FloatVector shift, int anchor) {
    float half = 1 << (anchor - 1);
    float step = 1 / half;
    float lowest = 0.5f * step - 1;
    float highestCell = 2 * half - 1;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = lane; i < GROUP * LANES; i += LANES) {
      FloatVector unit = FloatVector.fromArray(FLOATS, block.values, i).mul(inverse).sub(shift);
      FloatVector cell = toFloat(cell(unit, half, highestCell));
      FloatVector error = unit.sub(cell.mul(step).add(lowest));
      FloatVector importance = FloatVector.fromArray(FLOATS, block.importance, i);
      sum = sum.add(error.mul(error).mul(importance));
    }
    return sum;
  }

  private static FloatVector jointErrors(
      GroupBlock block,
      int lane,
      FloatVector inverse,
      FloatVector shift,
      int anchor,
      float prefixShare) {
    float half = 1 << (anchor - 1);
    float step = 1 / half;
    float lowest = 0.5f * step - 1;
    float highestCell = 2 * half - 1;
    int dropped = anchor - 2;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = lane; i < GROUP * LANES; i += LANES) {
      FloatVector unit = FloatVector.fromArray(FLOATS, block.values, i).mul(inverse).sub(shift);
      IntVector cell = cell(unit, half, highestCell);
      FloatVector error = unit.sub(toFloat(cell).mul(step).add(lowest));
      FloatVector prefix = toFloat(cell.lanewise(VectorOperators.ASHR, dropped));
      FloatVector prefixError = unit.sub(prefix.mul(0.5f).sub(0.75f));
      FloatVector importance = FloatVector.fromArray(FLOATS, block.importance, i);
      FloatVector joint = error.mul(error).add(prefixError.mul(prefixError).mul(prefixShare));
      sum = sum.add(joint.mul(importance));
    }
    return sum;
  }

  @Override
  public void cells(GroupBlock block, float[] scales, float[] shifts, int anchor, byte[] cells) {
    float half = 1 << (anchor - 1);
    float highestCell = 2 * half - 1;
    int[] found = new int[FLOATS.length()];
    for (int lane = 0; lane < LANES; lane += FLOATS.length()) {
      FloatVector inverse =
          FloatVector.broadcast(FLOATS, 1).div(FloatVector.fromArray(FLOATS, scales, lane));
      FloatVector shift = FloatVector.fromArray(FLOATS, shifts, lane);
      for (int i = lane; i < GROUP * LANES; i += LANES) {
        FloatVector unit = FloatVector.fromArray(FLOATS, block.values, i).mul(inverse).sub(shift);
        cell(unit, half, highestCell).intoArray(found, 0);
        for (int j = 0; j < found.length; j++) {
          cells[i + j] = (byte) found[j];
        }
      }
    }
  }

  private static IntVector cell(FloatVector unit, float half, float highestCell) {
    FloatVector position = unit.mul(half).add(half).max(0).min(highestCell);
    return (IntVector) position.convert(VectorOperators.F2I, 0);
  }

  private static FloatVector toFloat(IntVector cells) {
    return (FloatVector) cells.convert(VectorOperators.I2F, 0);
  }
}
