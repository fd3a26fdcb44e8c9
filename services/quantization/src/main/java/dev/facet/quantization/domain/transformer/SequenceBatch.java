package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.DecoderTraits;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.Arrays;

/**
 * Several sequences that grow by one token each at a time, with their keys and values kept.
 * Products with the weights are shared by all sequences of a step. Not safe for use by several
 * threads.
 */
public final class SequenceBatch {
  private final Decoder decoder;
  private final Workers workers;
  private final Rotations rotations;
  private final Attention attention;
  private final DecoderTraits traits;
  private final int sequences;
  private final int context;
  private final int heads;
  private final int kvHeads;
  private final int headDim;

  /** By layer, {@code sequences x kvHeads x headDim x context}: one row a dimension. */
  private final float[][] keys;

  /** By layer, {@code sequences x kvHeads x context x headDim}. */
  private final float[][] values;

  private int length;

  SequenceBatch(
      Decoder decoder, ArchitectureConfig config, Workers workers, int sequences, int context) {
    this.decoder = decoder;
    this.workers = workers;
    this.rotations = new Rotations(config, context);
    this.attention = decoder.attention();
    this.traits = config.traits();
    this.sequences = sequences;
    this.context = context;
    this.heads = config.heads();
    this.kvHeads = config.kvHeads();
    this.headDim = config.headDim();
    int cached = Math.multiplyExact(sequences * kvHeads, context * headDim);
    this.keys = new float[config.layers()][cached];
    this.values = new float[config.layers()][cached];
  }

  /** Tokens of each sequence. */
  public int length() {
    return length;
  }

  /**
   * Adds a token to each sequence.
   *
   * @param tokens one a sequence
   * @return {@code sequences x hiddenSize}, after the last norm
   * @throws IllegalStateException if the sequences are as long as the context
   */
  public float[] step(int[] tokens) {
    if (length == context) {
      throw new IllegalStateException("the sequences fill the context of " + context);
    }
    float[] hidden = decoder.run(tokens, rotations, sequence -> length, this::mix);
    length++;
    return hidden;
  }

  private float[] mix(int layer, float[] query, float[] key, float[] value) {
    float[] mixed = new float[query.length];
    workers.forEach(
        sequences,
        sequence -> {
          float[] scores = new float[length + 1];
          for (int head = 0; head < heads; head++) {
            int lane = sequence * kvHeads + head / (heads / kvHeads);
            if (head % (heads / kvHeads) == 0) {
              keep(layer, lane, key, value);
            }
            int from = (sequence * heads + head) * headDim;
            score(keys[layer], lane, query, from, scores);
            share(scores, traits.window(layer));
            sum(values[layer], lane, scores, mixed, from);
          }
        });
    return mixed;
  }

  private void keep(int layer, int lane, float[] key, float[] value) {
    for (int d = 0; d < headDim; d++) {
      keys[layer][(lane * headDim + d) * context + length] = key[lane * headDim + d];
    }
    System.arraycopy(
        value, lane * headDim, values[layer], (lane * context + length) * headDim, headDim);
  }

  /** Sums by dimension, all positions side by side, so that the sums' order is fixed. */
  private void score(float[] kept, int lane, float[] query, int from, float[] scores) {
    Arrays.fill(scores, 0);
    for (int d = 0; d < headDim; d++) {
      float factor = query[from + d];
      int row = (lane * headDim + d) * context;
      for (int t = 0; t < scores.length; t++) {
        scores[t] += factor * kept[row + t];
      }
    }
  }

  private void share(float[] scores, int window) {
    int first = Math.max(0, scores.length - window);
    Softmax.apply(scores, first, scores.length, attention.scale(), attention.softcap());
    Arrays.fill(scores, 0, first, 0);
  }

  private void sum(float[] kept, int lane, float[] shares, float[] mixed, int to) {
    for (int t = 0; t < shares.length; t++) {
      float share = shares[t];
      int row = (lane * context + t) * headDim;
      for (int d = 0; d < headDim; d++) {
        mixed[to + d] += share * kept[row + d];
      }
    }
  }
}
