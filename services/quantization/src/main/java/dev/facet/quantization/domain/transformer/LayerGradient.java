package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.checkpoint.DecoderTensors;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.List;

/** The way back through a layer, which is run again for it. */
final class LayerGradient {
  private final Decoder decoder;
  private final DecoderTensors tensors;
  private final Workers workers;
  private final GradientObserver observer;
  private final RmsNorm norms;
  private final GateActivation activation;
  private final AttentionGradient attention;

  LayerGradient(
      Decoder decoder, DecoderTensors tensors, Workers workers, GradientObserver observer) {
    this.decoder = decoder;
    this.tensors = tensors;
    this.workers = workers;
    this.observer = observer;
    this.norms = new RmsNorm(decoder.config().rmsNormEps(), workers);
    this.activation = GateActivation.named(decoder.config().traits().activation());
    this.attention = decoder.attentionGradient();
  }

  /** Takes the gradient by a layer's result to the gradient by what it was given, in place. */
  void back(int index, float[] before, float[] gradient) {
    DecoderTensors.Layer layer = tensors.layers().get(index);
    LayerTrace trace = decoder.trace(index, before);
    int count = gradient.length / layer.query().cols();
    feedForward(layer, trace, gradient, count);
    attention(index, trace, gradient, count);
  }

  private void attention(int index, LayerTrace trace, float[] gradient, int count) {
    DecoderTensors.Layer layer = tensors.layers().get(index);
    float[] attended = throughNorm(layer.attentionPostNorm(), trace.attended(), gradient);
    observe(List.of(layer.output()), trace.mixed(), List.of(attended), count);
    float[] mixed = decoder.linear().back(layer.output(), attended, count);
    AttentionGradient.Result by = attention.apply(index, trace, mixed, count);
    turnBack(index, by, count);
    float[] queries = throughNorm(layer.queryNorm(), trace.rawQueries(), by.queries());
    float[] keys = throughNorm(layer.keyNorm(), trace.rawKeys(), by.keys());
    float[] inputs = trace.attentionInput();
    observe(List.of(layer.query(), layer.key()), inputs, List.of(queries, keys), count);
    observe(List.of(layer.value()), inputs, List.of(by.values()), count);
    float[] normed = decoder.linear().back(layer.query(), queries, count);
    add(normed, decoder.linear().back(layer.key(), keys, count));
    add(normed, decoder.linear().back(layer.value(), by.values(), count));
    addNorm(layer.attentionNorm(), trace.before(), normed, gradient);
  }

  /** Gradients by turned queries and keys become those by queries and keys, in place. */
  private void turnBack(int index, AttentionGradient.Result by, int count) {
    RotaryPositions positions = new Rotations(decoder.config(), count).of(index);
    int heads = decoder.config().heads();
    int kvHeads = decoder.config().kvHeads();
    int headDim = decoder.config().headDim();
    for (int t = 0; t < count; t++) {
      positions.turnBack(by.queries(), t * heads * headDim, heads, t);
      positions.turnBack(by.keys(), t * kvHeads * headDim, kvHeads, t);
    }
  }

  private void feedForward(
      DecoderTensors.Layer layer, LayerTrace trace, float[] gradient, int count) {
    float[] fed = throughNorm(layer.feedForwardPostNorm(), trace.fed(), gradient);
    observe(List.of(layer.down()), trace.product(), List.of(fed), count);
    float[] gate = decoder.linear().back(layer.down(), fed, count);
    float[] up = new float[gate.length];
    int width = gate.length / count;
    workers.forEach(count, t -> split(trace, gate, up, t * width, (t + 1) * width));
    List<TensorSpec> pair = List.of(layer.gate(), layer.up());
    observe(pair, trace.feedForwardInput(), List.of(gate, up), count);
    float[] normed = decoder.linear().back(layer.gate(), gate, count);
    add(normed, decoder.linear().back(layer.up(), up, count));
    addNorm(layer.feedForwardNorm(), trace.between(), normed, gradient);
  }

  /** Splits the gradient by the product, given in {@code gate}, to those by gate and up. */
  private void split(LayerTrace trace, float[] gate, float[] up, int from, int end) {
    for (int i = from; i < end; i++) {
      float raw = trace.gate()[i];
      float product = gate[i];
      up[i] = product * activation.apply(raw);
      gate[i] = product * trace.up()[i] * activation.slope(raw);
    }
  }

  private void observe(List<TensorSpec> group, float[] inputs, List<float[]> gradients, int count) {
    observer.linear(group, inputs, gradients, count);
  }

  /**
   * The gradient by what a norm was given; that by its result where there is no norm.
   *
   * @param vectors that were normed
   */
  private float[] throughNorm(TensorSpec norm, float[] vectors, float[] byResult) {
    if (norm == null) {
      return byResult;
    }
    float[] gradient = new float[vectors.length];
    addNorm(norm, vectors, byResult, gradient);
    return gradient;
  }

  /** Adds the gradient by a norm's inputs, given that by its outputs. */
  void addNorm(TensorSpec norm, float[] inputs, float[] outputs, float[] gradient) {
    norms.addGradient(decoder.weights().read(norm), inputs, outputs, gradient);
  }

  private static void add(float[] sum, float[] value) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += value[i];
    }
  }
}
