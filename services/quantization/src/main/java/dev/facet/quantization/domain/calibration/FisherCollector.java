package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.GradientObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Sums up the {@link FisherMoments} of the wanted tensors. Each token's inputs count by the squared
 * gradient of the outputs there, evened out by {@link #EVEN}: few tokens carry most of the
 * gradient, and with their weights as they are a calibration text would be as good as much shorter.
 */
final class FisherCollector implements GradientObserver {
  /** Share of a window's weight that is spread over its tokens evenly. */
  static final float EVEN = 0.5f;

  private final Predicate<TensorSpec> wanted;
  private final Workers workers;

  /** By the first tensor of a set. */
  private final Map<String, FisherMoments.Set> sets = new LinkedHashMap<>();

  private long tokens;

  FisherCollector(Predicate<TensorSpec> wanted, Workers workers) {
    this.wanted = wanted;
    this.workers = workers;
  }

  @Override
  public void linear(List<TensorSpec> tensors, float[] inputs, List<float[]> gradients, int count) {
    if (tensors.stream().noneMatch(wanted)) {
      return;
    }
    FisherMoments.Set set = set(tensors);
    float[] squares = new float[count];
    for (int i = 0; i < tensors.size(); i++) {
      addSquares(gradients.get(i), set.shares().get(tensors.get(i).name()), squares);
    }
    set.hessian().add(weighed(inputs, squares), count, workers);
  }

  @Override
  public void head(TensorSpec tensor, float[] inputs, float[] doubt, double[] shares, int count) {
    if (!wanted.test(tensor)) {
      return;
    }
    FisherMoments.Set set = set(List.of(tensor));
    double[] sums = set.shares().get(tensor.name());
    for (int row = 0; row < shares.length; row++) {
      sums[row] += shares[row];
    }
    set.hessian().add(weighed(inputs, doubt), count, workers);
  }

  /** Vectors that are looked up have no inputs; their own gradients say what their errors do. */
  @Override
  public void embedding(TensorSpec tensor, int[] ids, float[] gradients) {
    tokens += ids.length;
    if (!wanted.test(tensor)) {
      return;
    }
    FisherMoments.Set set = set(List.of(tensor));
    double[] sums = set.shares().get(tensor.name());
    for (int id : ids) {
      sums[id]++;
    }
    set.hessian().add(gradients, ids.length, workers);
  }

  private FisherMoments.Set set(List<TensorSpec> tensors) {
    return sets.computeIfAbsent(
        tensors.get(0).name(),
        name -> {
          Map<String, double[]> shares = new LinkedHashMap<>();
          tensors.forEach(tensor -> shares.put(tensor.name(), new double[tensor.rows()]));
          return new FisherMoments.Set(new Hessian(tensors.get(0).cols()), shares);
        });
  }

  /** Adds the squares to the sums of the rows and of the tokens. */
  private void addSquares(float[] gradients, double[] rows, float[] tokens) {
    int width = rows.length;
    workers.forEach(
        2,
        half -> {
          if (half == 0) {
            for (int i = 0; i < gradients.length; i++) {
              rows[i % width] += (double) gradients[i] * gradients[i];
            }
          } else {
            for (int t = 0; t < tokens.length; t++) {
              float sum = 0;
              for (int i = t * width; i < (t + 1) * width; i++) {
                sum += gradients[i] * gradients[i];
              }
              tokens[t] += sum;
            }
          }
        });
  }

  private static float[] weighed(float[] inputs, float[] squares) {
    double sum = 0;
    for (float square : squares) {
      sum += square;
    }
    float even = EVEN * (float) (sum / squares.length);
    int width = inputs.length / squares.length;
    float[] weighed = new float[inputs.length];
    for (int t = 0; t < squares.length; t++) {
      float factor = (float) Math.sqrt((1 - EVEN) * squares[t] + even);
      for (int i = t * width; i < (t + 1) * width; i++) {
        weighed[i] = inputs[i] * factor;
      }
    }
    return weighed;
  }

  FisherMoments moments() {
    List<FisherMoments.Set> normed = new ArrayList<>();
    sets.values().forEach(set -> normed.add(normed(set)));
    return new FisherMoments(normed, tokens);
  }

  /** The set with shares that add up to 1; to equal shares if no gradient was seen. */
  private static FisherMoments.Set normed(FisherMoments.Set set) {
    double sum = 0;
    for (double[] rows : set.shares().values()) {
      for (double share : rows) {
        sum += share;
      }
    }
    Map<String, double[]> shares = new LinkedHashMap<>();
    for (Map.Entry<String, double[]> tensor : set.shares().entrySet()) {
      double[] rows = tensor.getValue().clone();
      for (int row = 0; row < rows.length; row++) {
        rows[row] = sum > 0 ? rows[row] / sum : 0;
      }
      shares.put(tensor.getKey(), rows);
    }
    return new FisherMoments.Set(set.hessian(), shares);
  }
}
