package dev.facet.quantization.domain.transformer;

/**
 * What a layer computed for a window of {@code count} tokens, kept for the way back.
 *
 * @param before residual stream the layer was given, {@code count x hiddenSize}
 * @param attentionInput normed, {@code count x hiddenSize}
 * @param rawQueries before they were normed, {@code count x heads x headDim}
 * @param rawKeys before they were normed, {@code count x kvHeads x headDim}
 * @param queries turned to their positions
 * @param keys turned to their positions
 * @param values {@code count x kvHeads x headDim}
 * @param mixed what attention gives, {@code count x heads x headDim}
 * @param attended what the output projection makes of it, before it is normed
 * @param between residual stream after attention
 * @param feedForwardInput normed
 * @param gate before its activation, {@code count x intermediateSize}
 * @param up {@code count x intermediateSize}
 * @param product of the activated gate and {@code up}
 * @param fed what the feed-forward gives, before it is normed
 * @param after residual stream the layer leaves
 */
record LayerTrace(
    float[] before,
    float[] attentionInput,
    float[] rawQueries,
    float[] rawKeys,
    float[] queries,
    float[] keys,
    float[] values,
    float[] mixed,
    float[] attended,
    float[] between,
    float[] feedForwardInput,
    float[] gate,
    float[] up,
    float[] product,
    float[] fed,
    float[] after) {}
