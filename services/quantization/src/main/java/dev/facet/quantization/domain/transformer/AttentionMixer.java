package dev.facet.quantization.domain.transformer;

/** Lets the tokens of one run see those before them. */
@FunctionalInterface
interface AttentionMixer {
  /**
   * @param layer counted from 0
   * @param queries {@code count x heads x headDim}, turned to their positions
   * @param keys {@code count x kvHeads x headDim}, turned to their positions
   * @param values {@code count x kvHeads x headDim}
   * @return {@code count x heads x headDim}
   */
  float[] mix(int layer, float[] queries, float[] keys, float[] values);
}
