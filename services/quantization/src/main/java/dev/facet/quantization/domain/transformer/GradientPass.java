package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.checkpoint.DecoderTensors;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.kernel.Exponential;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Runs a window through the model and back, for next tokens drawn from the model's own
 * distributions. The second moments of such gradients are the Fisher information: half of {@code
 * (g^T dW x)^2}, summed over tokens, is to second order the divergence that a change {@code dW} of
 * a matrix makes. Layers are computed again on the way back, so that one layer's activations are
 * held at a time.
 */
public final class GradientPass {
  private static final int CHUNK_LOGITS = 1 << 22;

  private final Decoder decoder;
  private final DecoderTensors tensors;
  private final Workers workers;
  private final GradientObserver observer;

  public GradientPass(
      Decoder decoder, DecoderTensors tensors, Workers workers, GradientObserver observer) {
    this.decoder = decoder;
    this.tensors = tensors;
    this.workers = workers;
    this.observer = observer;
  }

  /**
   * @param random draws the next tokens
   */
  public void run(int[] window, SplittableRandom random) {
    run(window, random.doubles(window.length).toArray());
  }

  /**
   * @param places of the next tokens in the cumulative distributions, within 0..1
   */
  void run(int[] window, double[] places) {
    List<float[]> streams = new ArrayList<>();
    float[] stream = decoder.embed(window);
    for (int layer = 0; layer < tensors.layers().size(); layer++) {
      streams.add(stream.clone());
      decoder.layers(stream, layer, layer + 1);
    }
    float[] hidden = decoder.norm(stream);
    float[] gradient = new float[stream.length];
    addNorm(tensors.norm(), stream, head(hidden, places), gradient);
    for (int layer = streams.size() - 1; layer >= 0; layer--) {
      back(layer, streams.remove(layer), gradient);
    }
    observer.embedding(tensors.embedding(), window, gradient);
  }

  /** The gradient by what logits are made of. */
  private float[] head(float[] hidden, double[] places) {
    int count = places.length;
    int vocabulary = decoder.vocabSize();
    int width = hidden.length / count;
    int chunk = Math.max(1, Math.min(count, CHUNK_LOGITS / vocabulary));
    float[] doubt = new float[count];
    double[] shares = new double[vocabulary];
    float[] gradient = new float[hidden.length];
    float[] logits = new float[chunk * vocabulary];
    for (int first = 0; first < count; first += chunk) {
      int from = first;
      int rows = Math.min(chunk, count - first);
      decoder.logits(hidden, first, rows, logits);
      workers.forEach(
          rows, t -> doubt[from + t] = toGradient(logits, t * vocabulary, places[from + t]));
      addShares(logits, rows, shares);
      float[] back = decoder.linear().back(tensors.logits(), logits, rows);
      System.arraycopy(back, 0, gradient, first * width, rows * width);
    }
    observer.head(tensors.logits(), hidden, doubt, shares, count);
    return gradient;
  }

  /**
   * Turns one token's logits to the gradient of the drawn token's loss.
   *
   * @param place within 0..1 of the cumulative distribution
   * @return the expected squared gradient: 1 less the sum of squared probabilities
   */
  private float toGradient(float[] logits, int from, double place) {
    int end = from + decoder.vocabSize();
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = from; i < end; i++) {
      largest = Math.max(largest, logits[i]);
    }
    double sum = 0;
    for (int i = from; i < end; i++) {
      logits[i] = Exponential.exp(logits[i] - largest);
      sum += logits[i];
    }
    double left = place;
    double squares = 0;
    int drawn = -1;
    for (int i = from; i < end; i++) {
      double probability = logits[i] / sum;
      squares += probability * probability;
      left -= probability;
      if (left < 0 && drawn < 0) {
        drawn = i;
      }
      logits[i] = (float) probability;
    }
    logits[drawn < 0 ? end - 1 : drawn] -= 1;
    return (float) (1 - squares);
  }

  private void addShares(float[] gradients, int rows, double[] shares) {
    int stripe = 1024;
    workers.forEach(
        (shares.length + stripe - 1) / stripe,
        s -> {
          int end = Math.min((s + 1) * stripe, shares.length);
          for (int t = 0; t < rows; t++) {
            for (int v = s * stripe; v < end; v++) {
              double value = gradients[t * shares.length + v];
              shares[v] += value * value;
            }
          }
        });
  }

  /** Takes the gradient by a layer's result to the gradient by what it was given, in place. */
  private void back(int index, float[] before, float[] gradient) {
    DecoderTensors.Layer layer = tensors.layers().get(index);
    LayerTrace trace = decoder.trace(index, before);
    int count = gradient.length / layer.query().cols();
    feedForward(layer, trace, gradient, count);
    observe(List.of(layer.output()), trace.mixed(), List.of(gradient), count);
    float[] mixed = decoder.linear().back(layer.output(), gradient, count);
    AttentionGradient.Result attended = decoder.attentionGradient().apply(trace, mixed, count);
    decoder.turnBack(attended.queries(), attended.keys(), count);
    float[] inputs = trace.attentionInput();
    observe(
        List.of(layer.query(), layer.key()),
        inputs,
        List.of(attended.queries(), attended.keys()),
        count);
    observe(List.of(layer.value()), inputs, List.of(attended.values()), count);
    float[] normed = decoder.linear().back(layer.query(), attended.queries(), count);
    add(normed, decoder.linear().back(layer.key(), attended.keys(), count));
    add(normed, decoder.linear().back(layer.value(), attended.values(), count));
    addNorm(layer.attentionNorm(), trace.before(), normed, gradient);
  }

  private void feedForward(
      DecoderTensors.Layer layer, LayerTrace trace, float[] gradient, int count) {
    observe(List.of(layer.down()), trace.product(), List.of(gradient), count);
    float[] gate = decoder.linear().back(layer.down(), gradient, count);
    float[] up = new float[gate.length];
    int width = gate.length / count;
    workers.forEach(count, t -> activation(trace, gate, up, t * width, (t + 1) * width));
    List<TensorSpec> pair = List.of(layer.gate(), layer.up());
    observe(pair, trace.feedForwardInput(), List.of(gate, up), count);
    float[] normed = decoder.linear().back(layer.gate(), gate, count);
    add(normed, decoder.linear().back(layer.up(), up, count));
    addNorm(layer.feedForwardNorm(), trace.between(), normed, gradient);
  }

  /** Splits the gradient by the product, given in {@code gate}, to those by gate and up. */
  private static void activation(LayerTrace trace, float[] gate, float[] up, int from, int end) {
    for (int i = from; i < end; i++) {
      float raw = trace.gate()[i];
      float sigmoid = 1 / (1 + Exponential.exp(-raw));
      float product = gate[i];
      up[i] = product * raw * sigmoid;
      gate[i] = product * trace.up()[i] * sigmoid * (1 + raw * (1 - sigmoid));
    }
  }

  private void observe(List<TensorSpec> group, float[] inputs, List<float[]> gradients, int count) {
    observer.linear(group, inputs, gradients, count);
  }

  /** Adds the gradient by a norm's inputs, given that by its outputs. */
  private void addNorm(TensorSpec norm, float[] inputs, float[] outputs, float[] gradient) {
    float[] gains = decoder.read(norm);
    int width = gains.length;
    workers.forEach(
        inputs.length / width,
        t -> {
          int from = t * width;
          double square = 0;
          double dot = 0;
          for (int i = 0; i < width; i++) {
            square += (double) inputs[from + i] * inputs[from + i];
            dot += (double) inputs[from + i] * gains[i] * outputs[from + i];
          }
          double inverse = 1 / Math.sqrt(square / width + decoder.normEps());
          double along = dot * inverse * inverse * inverse / width;
          for (int i = 0; i < width; i++) {
            gradient[from + i] +=
                (float) (inverse * gains[i] * outputs[from + i] - along * inputs[from + i]);
          }
        });
  }

  private static void add(float[] sum, float[] value) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += value[i];
    }
  }
}
