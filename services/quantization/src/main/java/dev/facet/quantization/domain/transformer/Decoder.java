package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.domain.checkpoint.DecoderTensors;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.Exponential;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.MatrixSlice;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** A Llama decoder over one window of tokens at a time, each seeing those before it. */
public final class Decoder {
  private final ArchitectureConfig config;
  private final DecoderTensors tensors;
  private final WeightSource weights;
  private final Linear linear;
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
    Attention attention = new Attention(config, kernel, workers);
    AttentionMixer mixer =
        batch.mixer((layer, q, k, v, count) -> attention.apply(q, k, v, count, cache));
    return run(
        batch.tokens(), new RotaryPositions(config, batch.longest()), batch::position, mixer);
  }

  /**
   * Runs some layers on a window's residual stream, in place, so that a change in one layer needs
   * no run of those before it.
   *
   * @param stream {@code tokens x hiddenSize}, as the layers before leave it
   */
  public void layers(float[] stream, int first, int end) {
    int count = stream.length / config.hiddenSize();
    RotaryPositions positions = new RotaryPositions(config, count);
    Attention attention = new Attention(config, kernel, workers);
    AttentionMixer mixer = (layer, q, k, v) -> attention.apply(q, k, v, count, cache);
    for (int i = first; i < end; i++) {
      layer(i, stream, positions, t -> t, mixer);
    }
  }

  /** The last norm: turns the residual stream to what logits are made of. */
  public float[] norm(float[] stream) {
    return norm(stream, tensors.norm());
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
  float[] run(
      int[] tokens, RotaryPositions positions, IntUnaryOperator position, AttentionMixer mixer) {
    float[] stream = embed(tokens);
    for (int i = 0; i < tensors.layers().size(); i++) {
      layer(i, stream, positions, position, mixer);
    }
    return norm(stream);
  }

  private void layer(
      int index,
      float[] stream,
      RotaryPositions positions,
      IntUnaryOperator position,
      AttentionMixer mixer) {
    DecoderTensors.Layer layer = tensors.layers().get(index);
    int count = stream.length / config.hiddenSize();
    float[] normed = norm(stream, layer.attentionNorm());
    float[] queries = linear.apply(layer.query(), normed, count);
    float[] keys = linear.apply(layer.key(), normed, count);
    float[] values = linear.apply(layer.value(), normed, count);
    rotate(queries, config.heads(), count, positions, position);
    rotate(keys, config.kvHeads(), count, positions, position);
    add(stream, linear.apply(layer.output(), mixer.mix(index, queries, keys, values), count));
    add(stream, feedForward(layer, norm(stream, layer.feedForwardNorm()), count));
  }

  /**
   * Runs a layer on a window's residual stream and keeps what it computed.
   *
   * @param before {@code tokens x hiddenSize}, left as it is
   */
  LayerTrace trace(int index, float[] before) {
    DecoderTensors.Layer layer = tensors.layers().get(index);
    int count = before.length / config.hiddenSize();
    RotaryPositions positions = new RotaryPositions(config, count);
    float[] inputs = norm(before, layer.attentionNorm());
    float[] queries = linear.apply(layer.query(), inputs, count);
    float[] keys = linear.apply(layer.key(), inputs, count);
    float[] values = linear.apply(layer.value(), inputs, count);
    rotate(queries, config.heads(), count, positions, t -> t);
    rotate(keys, config.kvHeads(), count, positions, t -> t);
    float[] mixed = new Attention(config, kernel, workers).apply(queries, keys, values, count);
    float[] between = before.clone();
    add(between, linear.apply(layer.output(), mixed, count));
    float[] inner = norm(between, layer.feedForwardNorm());
    float[] gate = linear.apply(layer.gate(), inner, count);
    float[] up = linear.apply(layer.up(), inner, count);
    float[] product = gate.clone();
    activate(product, up, count);
    return new LayerTrace(
        before, inputs, queries, keys, values, mixed, between, inner, gate, up, product);
  }

  /** Gradients by turned queries and keys become those by queries and keys, in place. */
  void turnBack(float[] queries, float[] keys, int count) {
    RotaryPositions positions = new RotaryPositions(config, count);
    turnBack(queries, config.heads(), count, positions);
    turnBack(keys, config.kvHeads(), count, positions);
  }

  private void turnBack(float[] vectors, int heads, int count, RotaryPositions positions) {
    for (int t = 0; t < count; t++) {
      for (int head = 0; head < heads; head++) {
        positions.turnBack(vectors, (t * heads + head) * config.headDim(), t);
      }
    }
  }

  Linear linear() {
    return linear;
  }

  AttentionGradient attentionGradient() {
    return new AttentionGradient(config, kernel, workers);
  }

  float[] read(TensorSpec tensor) {
    return weights.read(tensor);
  }

  double normEps() {
    return config.rmsNormEps();
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

  private void rotate(
      float[] vectors, int heads, int count, RotaryPositions positions, IntUnaryOperator position) {
    for (int t = 0; t < count; t++) {
      for (int head = 0; head < heads; head++) {
        int offset = (t * heads + head) * config.headDim();
        positions.rotate(vectors, offset, position.applyAsInt(t));
      }
    }
  }

  private float[] feedForward(DecoderTensors.Layer layer, float[] normed, int count) {
    float[] gate = linear.apply(layer.gate(), normed, count);
    float[] up = linear.apply(layer.up(), normed, count);
    activate(gate, up, count);
    return linear.apply(layer.down(), gate, count);
  }

  /** Replaces {@code gate} by the product of the activated gate and {@code up}. */
  private void activate(float[] gate, float[] up, int count) {
    int width = config.intermediateSize();
    workers.forEach(
        count,
        t -> {
          for (int i = t * width; i < (t + 1) * width; i++) {
            gate[i] = gate[i] / (1 + Exponential.exp(-gate[i])) * up[i];
          }
        });
  }

  private float[] norm(float[] stream, TensorSpec tensor) {
    float[] gains = weights.read(tensor);
    int width = gains.length;
    float[] normed = new float[stream.length];
    for (int from = 0; from < stream.length; from += width) {
      double square = 0;
      for (int i = 0; i < width; i++) {
        square += (double) stream[from + i] * stream[from + i];
      }
      float inverse = (float) (1 / Math.sqrt(square / width + config.rmsNormEps()));
      for (int i = 0; i < width; i++) {
        normed[from + i] = gains[i] * (stream[from + i] * inverse);
      }
    }
    return normed;
  }

  private static void add(float[] stream, float[] update) {
    for (int i = 0; i < stream.length; i++) {
      stream[i] += update[i];
    }
  }
}
