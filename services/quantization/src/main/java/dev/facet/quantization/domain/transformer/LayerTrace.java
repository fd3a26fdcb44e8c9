package dev.facet.quantization.domain.transformer;

/**
 * What a layer computed for a window of {@code count} tokens, kept for the way back.
 *
 * @param before residual stream the layer was given, {@code count x hiddenSize}
 * @param attentionInput normed, {@code count x hiddenSize}
 * @param queries turned to their positions, {@code count x heads x headDim}
 * @param keys turned to their positions, {@code count x kvHeads x headDim}
 * @param values {@code count x kvHeads x headDim}
 * @param mixed what attention gives, {@code count x heads x headDim}
 * @param between residual stream after attention
 * @param feedForwardInput normed
 * @param gate before its activation, {@code count x intermediateSize}
 * @param up {@code count x intermediateSize}
 * @param product of the activated gate and {@code up}
 */
record LayerTrace(
    float[] before,
    float[] attentionInput,
    float[] queries,
    float[] keys,
    float[] values,
    float[] mixed,
    float[] between,
    float[] feedForwardInput,
    float[] gate,
    float[] up,
    float[] product) {}
