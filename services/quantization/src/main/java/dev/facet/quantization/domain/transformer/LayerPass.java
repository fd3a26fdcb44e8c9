package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.domain.checkpoint.DecoderTensors;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.function.IntUnaryOperator;

/** Runs one layer of a decoder as its description says. */
final class LayerPass {
  private final ArchitectureConfig config;
  private final DecoderTensors tensors;
  private final WeightSource weights;
  private final Linear linear;
  private final RmsNorm norms;
  private final GateActivation activation;
  private final Workers workers;

  LayerPass(
      ArchitectureConfig config,
      DecoderTensors tensors,
      WeightSource weights,
      Linear linear,
      Workers workers) {
    this.config = config;
    this.tensors = tensors;
    this.weights = weights;
    this.linear = linear;
    this.norms = new RmsNorm(config.rmsNormEps(), workers);
    this.activation = GateActivation.named(config.traits().activation());
    this.workers = workers;
  }

  /**
   * @param before {@code count x hiddenSize}, left as it is
   * @param position of each token in its sequence
   * @param mixer lets each token see those before it
   */
  LayerTrace run(
      int index,
      float[] before,
      Rotations rotations,
      IntUnaryOperator position,
      AttentionMixer mixer) {
    DecoderTensors.Layer layer = tensors.layers().get(index);
    int count = before.length / config.hiddenSize();
    float[] inputs = norm(before, layer.attentionNorm());
    float[] rawQueries = project(layer, layer.query(), inputs, count);
    float[] rawKeys = project(layer, layer.key(), inputs, count);
    float[] values = project(layer, layer.value(), inputs, count);
    float[] queries = turned(rawQueries, layer.queryNorm(), rotations.of(index), count, position);
    float[] keys = turned(rawKeys, layer.keyNorm(), rotations.of(index), count, position);
    float[] mixed = mixer.mix(index, queries, keys, values);
    float[] attended = project(layer, layer.output(), mixed, count);
    float[] between = sum(before, norm(attended, layer.attentionPostNorm()));
    float[] inner = norm(between, layer.feedForwardNorm());
    float[] gate = project(layer, layer.gate(), inner, count);
    float[] up = project(layer, layer.up(), inner, count);
    float[] product = product(gate, up, count);
    float[] fed = project(layer, layer.down(), product, count);
    float[] after = sum(between, norm(fed, layer.feedForwardPostNorm()));
    return new LayerTrace(
        before,
        inputs,
        rawQueries,
        rawKeys,
        queries,
        keys,
        values,
        mixed,
        attended,
        between,
        inner,
        gate,
        up,
        product,
        fed,
        after);
  }

  private float[] project(
      DecoderTensors.Layer layer, TensorSpec tensor, float[] inputs, int count) {
    float[] outputs = linear.apply(tensor, inputs, count);
    layer.bias(tensor).ifPresent(bias -> addToRows(outputs, weights.read(bias)));
    return outputs;
  }

  private static void addToRows(float[] rows, float[] bias) {
    for (int i = 0; i < rows.length; i++) {
      rows[i] += bias[i % bias.length];
    }
  }

  private float[] turned(
      float[] raw,
      TensorSpec norm,
      RotaryPositions positions,
      int count,
      IntUnaryOperator position) {
    float[] vectors = norm == null ? raw.clone() : norm(raw, norm);
    int width = vectors.length / count;
    for (int t = 0; t < count; t++) {
      int heads = width / config.headDim();
      positions.rotate(vectors, t * width, heads, position.applyAsInt(t));
    }
    return vectors;
  }

  /** The activated gate times {@code up}. */
  private float[] product(float[] gate, float[] up, int count) {
    int width = config.intermediateSize();
    float[] product = new float[gate.length];
    workers.forEach(
        count,
        t -> {
          for (int i = t * width; i < (t + 1) * width; i++) {
            product[i] = activation.apply(gate[i]) * up[i];
          }
        });
    return product;
  }

  /** The vectors as they are where there is no such norm. */
  float[] norm(float[] vectors, TensorSpec norm) {
    return norm == null ? vectors : norms.apply(vectors, weights.read(norm));
  }

  private static float[] sum(float[] stream, float[] update) {
    float[] sum = new float[stream.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = stream[i] + update[i];
    }
    return sum;
  }
}
