package dev.facet.kernel.ladder;

import java.util.List;

/**
 * Shape of a decoder, normalised from the checkpoint's config.json.
 *
 * @param architecture family of forward pass, {@code llama}
 * @param ropeScaling null when positions are not stretched
 */
public record ArchitectureConfig(
    String architecture,
    int hiddenSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int intermediateSize,
    int vocabSize,
    int contextLength,
    double ropeTheta,
    RopeScaling ropeScaling,
    double rmsNormEps,
    boolean tiedEmbeddings,
    int bosTokenId,
    List<Integer> eosTokenIds) {}
