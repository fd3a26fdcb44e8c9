package dev.facet.quantization.domain.kernel;

/**
 * Weight groups side by side: lane {@code g} holds one group of 32 weights, weight {@code i} of it
 * at {@code values[i * LANES + g]}. Because a lane is summed on its own, in the order of its
 * weights, a vector of any width gives the same bits as the scalar loop.
 */
public final class GroupBlock {
  /** Weights in a group. */
  public static final int GROUP = 32;

  /** Groups in a block; a multiple of every vector width. */
  public static final int LANES = 64;

  /** Weights, transposed; padding is 0. */
  public final float[] values = new float[GROUP * LANES];

  /** How much an error in each weight counts; 0 for padding. */
  public final float[] importance = new float[GROUP * LANES];
}
