package dev.facet.kernel.ladder;

import java.util.List;

/**
 * Shape of a decoder, normalised from the checkpoint's config.json.
 *
 * @param architecture family as checkpoints name it: {@code llama}, {@code gemma3}, ...; what it
 *     computes is said by the other components alone
 * @param ropeTheta rotary base
 * @param ropeScaling null when positions are not stretched
 * @param traits those of Llama where they are not given
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
    List<Integer> eosTokenIds,
    DecoderTraits traits) {
  public ArchitectureConfig {
    traits = traits == null ? DecoderTraits.PLAIN : traits;
  }

  /** A plain Llama decoder. */
  public ArchitectureConfig(
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
      List<Integer> eosTokenIds) {
    this(
        architecture,
        hiddenSize,
        layers,
        heads,
        kvHeads,
        headDim,
        intermediateSize,
        vocabSize,
        contextLength,
        ropeTheta,
        ropeScaling,
        rmsNormEps,
        tiedEmbeddings,
        bosTokenId,
        eosTokenIds,
        DecoderTraits.PLAIN);
  }
}
