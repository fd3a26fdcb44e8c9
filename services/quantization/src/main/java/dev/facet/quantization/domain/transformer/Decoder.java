package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.domain.checkpoint.DecoderTensors;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.MatrixSlice;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A decoder over one window of tokens at a time, each seeing those before it. Its description says
 * what it computes; there is one forward pass for all families.
 */
public final class Decoder {
  private final ArchitectureConfig config;
  private final DecoderTensors tensors;
  private final WeightSource weights;
  private final Linear linear;
  private final LayerPass pass;
  private final Attention attention;
  private final MatrixKernel kernel;
  private final Workers workers;
  private final Optional<KvPrecision> cache;

  public Decoder(
      ArchitectureConfig config,
      DecoderTensors tensors,
      WeightSource weights,
      MatrixKernel kernel,
      Workers workers) {
    this(config, tensors, weights, kernel, workers, Optional.empty());
  }

  /**
   * @param cache bits of the keys and values that windows are run with; as they are if empty
   */
  public Decoder(
      ArchitectureConfig config,
      DecoderTensors tensors,
      WeightSource weights,
      MatrixKernel kernel,
      Workers workers,
      Optional<KvPrecision> cache) {
    this.config = config;
    this.tensors = tensors;
    this.weights = weights;
    this.linear = new Linear(weights, kernel, workers);
    this.pass = new LayerPass(config, tensors, weights, linear, workers);
    this.attention = new Attention(config, kernel, workers);
    this.kernel = kernel;
    this.workers = workers;
    this.cache = cache;
  }

  /**
   * Runs all layers and the last norm.
   *
   * @param tokens ids below the vocabulary's size
   * @return {@code tokens.length x hiddenSize}
   */
  public float[] hidden(int[] tokens) {
    float[] stream = embed(tokens);
    layers(stream, 0, tensors.layers().size());
    return norm(stream);
  }

  /**
   * The same for several windows at once, each by itself: weights are read once for all.
   *
   * @return all windows' tokens one after another, times {@code hiddenSize}
   */
  public float[] hidden(List<int[]> windows) {
    WindowBatch batch = new WindowBatch(windows);
    AttentionMixer mixer =
        batch.mixer((layer, q, k, v, count) -> attention.apply(layer, q, k, v, count, cache));
    return run(batch.tokens(), new Rotations(config, batch.longest()), batch::position, mixer);
  }

  /**
   * Runs some layers on a window's residual stream, in place, so that a change in one layer needs
   * no run of those before it.
   *
   * @param stream {@code tokens x hiddenSize}, as the layers before leave it
   */
  public void layers(float[] stream, int first, int end) {
    Rotations rotations = new Rotations(config, count(stream));
    AttentionMixer mixer = mixer(count(stream), cache);
    float[] current = stream;
    for (int i = first; i < end; i++) {
      current = pass.run(i, current, rotations, t -> t, mixer).after();
    }
    System.arraycopy(current, 0, stream, 0, stream.length);
  }

  private AttentionMixer mixer(int count, Optional<KvPrecision> coded) {
    return (layer, queries, keys, values) ->
        attention.apply(layer, queries, keys, values, count, coded);
  }

  private int count(float[] stream) {
    return stream.length / config.hiddenSize();
  }

  /** The last norm: turns the residual stream to what logits are made of. */
  public float[] norm(float[] stream) {
    return pass.norm(stream, tensors.norm());
  }

  /**
   * A continuation of several sequences in step, none of which has a token yet.
   *
   * @param context most tokens of a sequence
   */
  public SequenceBatch batch(int sequences, int context) {
    return new SequenceBatch(this, config, workers, sequences, context);
  }

  /**
   * Runs tokens that need not be of one sequence.
   *
   * @param position of each token in its sequence
   * @param mixer lets each token see those before it
   */
  float[] run(int[] tokens, Rotations rotations, IntUnaryOperator position, AttentionMixer mixer) {
    float[] stream = embed(tokens);
    for (int i = 0; i < tensors.layers().size(); i++) {
      stream = pass.run(i, stream, rotations, position, mixer).after();
    }
    return norm(stream);
  }

  /**
   * Runs a layer on a window's residual stream and keeps what it computed.
   *
   * @param before {@code tokens x hiddenSize}, left as it is
   */
  LayerTrace trace(int index, float[] before) {
    int count = count(before);
    return pass.run(
        index, before, new Rotations(config, count), t -> t, mixer(count, Optional.empty()));
  }

  /**
   * Logits of some positions.
   *
   * @param hidden from {@link #hidden}
   * @param logits receives {@code count x vocabSize} values
   */
  public void logits(float[] hidden, int firstPosition, int count, float[] logits) {
    int width = config.hiddenSize();
    MatrixSlice inputs = new MatrixSlice(hidden, firstPosition * width, width);
    linear.apply(tensors.logits(), inputs, count, logits);
    if (config.traits().finalSoftcap() != null) {
      float bound = config.traits().finalSoftcap().floatValue();
      for (int i = 0; i < count * config.vocabSize(); i++) {
        logits[i] = bound * Tanh.tanh(logits[i] / bound);
      }
    }
  }

  public int vocabSize() {
    return config.vocabSize();
  }

  /**
   * @return {@code tokens.length x hiddenSize}, the residual stream before the first layer
   */
  public float[] embed(int[] tokens) {
    int width = config.hiddenSize();
    float[] stream = new float[Math.multiplyExact(tokens.length, width)];
    for (int t = 0; t < tokens.length; t++) {
      weights.read(tensors.embedding(), tokens[t], 1, stream, t * width);
    }
    return stream;
  }

  Linear linear() {
    return linear;
  }

  ArchitectureConfig config() {
    return config;
  }

  WeightSource weights() {
    return weights;
  }

  Attention attention() {
    return attention;
  }

  AttentionGradient attentionGradient() {
    return new AttentionGradient(config, attention, kernel, workers);
  }
}
