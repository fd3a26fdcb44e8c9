package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.checkpoint.DecoderTensors;
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
  private final LayerGradient layers;

  public GradientPass(
      Decoder decoder, DecoderTensors tensors, Workers workers, GradientObserver observer) {
    this.decoder = decoder;
    this.tensors = tensors;
    this.workers = workers;
    this.observer = observer;
    this.layers = new LayerGradient(decoder, tensors, workers, observer);
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
    layers.addNorm(tensors.norm(), stream, head(hidden, places), gradient);
    for (int layer = streams.size() - 1; layer >= 0; layer--) {
      layers.back(layer, streams.remove(layer), gradient);
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
      float[] slopes = slopes(logits);
      workers.forEach(
          rows,
          t -> {
            doubt[from + t] = toGradient(logits, t * vocabulary, places[from + t]);
            if (slopes != null) {
              doubt[from + t] = throughSlopes(logits, slopes, t * vocabulary);
            }
          });
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

  /**
   * Slopes of bounded logits; none where logits are not bounded.
   *
   * @param logits bounded
   */
  private float[] slopes(float[] logits) {
    Double bound = decoder.config().traits().finalSoftcap();
    if (bound == null) {
      return null;
    }
    float[] slopes = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      double share = logits[i] / bound;
      slopes[i] = (float) (1 - share * share);
    }
    return slopes;
  }

  /** Gradients by bounded logits become those by the logits as they were; so does the doubt. */
  private float throughSlopes(float[] gradients, float[] slopes, int from) {
    double doubt = 0;
    for (int i = from; i < from + decoder.vocabSize(); i++) {
      float probability = gradients[i] < 0 ? 1 + gradients[i] : gradients[i];
      doubt += (double) probability * (1 - probability) * slopes[i] * slopes[i];
      gradients[i] *= slopes[i];
    }
    return (float) doubt;
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
}
