package dev.facet.kernel.ladder;

import java.util.List;

/**
 * Shape of a model, normalised from the checkpoint's config.json: of its decoder, or of the text
 * encoder that it is.
 *
 * @param architecture family as checkpoints name it: {@code llama}, {@code gemma3}, ...; what it
 *     computes is said by the other components alone
 * @param ropeTheta rotary base
 * @param ropeScaling null when positions are not stretched
 * @param bosTokenId put before every text; below 0 where the tokenizer adds its own special tokens
 * @param traits of the decoder; those of Llama where they are not given
 * @param embedding not null for a text encoder, which has no decoder
 * @param vision not null for a decoder that is given pictures
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
    DecoderTraits traits,
    TextEncoder embedding,
    VisionTower vision) {
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
        DecoderTraits.PLAIN,
        null,
        null);
  }

  /** The same decoder, given pictures. */
  public ArchitectureConfig with(String family, VisionTower tower) {
    return new ArchitectureConfig(
        family,
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
        traits,
        null,
        tower);
  }
}
