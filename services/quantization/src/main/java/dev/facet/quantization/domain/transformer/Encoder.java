package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.EncoderShape;
import dev.facet.quantization.domain.checkpoint.Affine;
import dev.facet.quantization.domain.checkpoint.EncoderTensors;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.MatrixSlice;
import dev.facet.quantization.domain.kernel.Workers;

/** The layers of an encoder: every position sees every other. */
final class Encoder {
  private final EncoderShape shape;
  private final EncoderTensors tensors;
  private final WeightSource weights;
  private final Linear linear;
  private final EncoderActivation activation;
  private final MatrixKernel kernel;
  private final Workers workers;

  Encoder(
      EncoderShape shape,
      EncoderTensors tensors,
      WeightSource weights,
      MatrixKernel kernel,
      Workers workers) {
    this.shape = shape;
    this.tensors = tensors;
    this.weights = weights;
    this.linear = new Linear(weights, kernel, workers);
    this.activation = EncoderActivation.named(shape.activation());
    this.kernel = kernel;
    this.workers = workers;
  }

  /**
   * @param stream {@code count x hiddenSize}
   * @return the same after all layers
   */
  float[] run(float[] stream) {
    int count = stream.length / shape.hiddenSize();
    float[] current = stream;
    for (EncoderTensors.Layer layer : tensors.layers()) {
      current = layer(layer, current, count);
    }
    return current;
  }

  private float[] layer(EncoderTensors.Layer layer, float[] stream, int count) {
    boolean first = shape.normFirst();
    float[] inputs = first ? norm(layer.attentionNorm(), stream) : stream;
    float[] between = sum(stream, attention(layer, inputs, count));
    float[] inner = norm(first ? layer.feedForwardNorm() : layer.attentionNorm(), between);
    float[] fed = feedForward(layer, inner, count);
    return first ? sum(between, fed) : norm(layer.feedForwardNorm(), sum(inner, fed));
  }

  private float[] attention(EncoderTensors.Layer layer, float[] inputs, int count) {
    float[] queries = project(layer.query(), inputs, count);
    float[] keys = project(layer.key(), inputs, count);
    float[] values = project(layer.value(), inputs, count);
    float[] mixed = new float[queries.length];
    workers.forEach(shape.heads(), head -> mix(head, queries, keys, values, count, mixed));
    return project(layer.output(), mixed, count);
  }

  private void mix(
      int head, float[] queries, float[] keys, float[] values, int count, float[] mixed) {
    int width = shape.hiddenSize();
    int headDim = width / shape.heads();
    int offset = head * headDim;
    MatrixSlice scores = MatrixSlice.of(new float[count * count], count);
    kernel.multiplyTransposed(
        new MatrixSlice(queries, offset, width),
        new MatrixSlice(keys, offset, width),
        count,
        count,
        headDim,
        scores);
    for (int t = 0; t < count; t++) {
      float scale = (float) (1 / Math.sqrt(headDim));
      Softmax.apply(scores.data(), t * count, (t + 1) * count, scale, 0);
    }
    float[] columns = new float[headDim * count];
    for (int t = 0; t < count; t++) {
      for (int d = 0; d < headDim; d++) {
        columns[d * count + t] = values[t * width + offset + d];
      }
    }
    kernel.multiplyTransposed(
        scores,
        MatrixSlice.of(columns, count),
        count,
        headDim,
        count,
        new MatrixSlice(mixed, offset, width));
  }

  private float[] feedForward(EncoderTensors.Layer layer, float[] inputs, int count) {
    float[] inner = project(layer.up(), inputs, count);
    for (int i = 0; i < inner.length; i++) {
      inner[i] = activation.apply(inner[i]);
    }
    return project(layer.down(), inner, count);
  }

  float[] project(Affine layer, float[] inputs, int count) {
    float[] outputs = linear.apply(layer.weight(), inputs, count);
    float[] bias = weights.read(layer.bias());
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] += bias[i % bias.length];
    }
    return outputs;
  }

  float[] norm(Affine norm, float[] vectors) {
    return LayerNorm.apply(
        vectors, weights.read(norm.weight()), weights.read(norm.bias()), shape.normEps());
  }

  private static float[] sum(float[] stream, float[] update) {
    float[] sum = new float[stream.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = stream[i] + update[i];
    }
    return sum;
  }
}
