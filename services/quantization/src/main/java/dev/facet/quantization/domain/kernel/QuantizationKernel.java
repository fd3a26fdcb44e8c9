package dev.facet.quantization.domain.kernel;

/**
 * Inner loops of the embedded encoder. Every implementation returns the same bits as {@link
 * ScalarQuantizationKernel} on every JDK: no fused multiply-add, one order of summation.
 *
 * <p>A weight {@code x} of a group with scale {@code s} and shift {@code h} falls in cell {@code c
 * = floor((x / s - h + 1) * 2^(depth - 1))}, held within 0..2^depth - 1, whose midpoint is {@code s
 * * ((2c + 1) / 2^depth - 1 + h)}.
 */
public sealed interface QuantizationKernel
    permits ScalarQuantizationKernel, VectorQuantizationKernel {

  /**
   * Sums, for each lane, the squared errors of its weights at depth {@code anchor}, plus {@code
   * prefixShare} times those at depth 2, each times the weight's importance.
   *
   * @param scales positive scale of each lane
   * @param shifts signed shift of each lane, in units of its scale
   * @param errors receives one sum a lane
   */
  void errors(
      GroupBlock block,
      float[] scales,
      float[] shifts,
      int anchor,
      float prefixShare,
      float[] errors);

  /**
   * Finds the cell of every weight.
   *
   * @param cells receives the cells in the block's order
   */
  void cells(GroupBlock block, float[] scales, float[] shifts, int anchor, byte[] cells);
}
