package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.InputObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Sums up the inputs of linear layers as the model runs. Layers that are given the same array one
 * after the other, as queries, keys and values are, share one Hessian.
 */
final class HessianCollector implements InputObserver {
  private final Predicate<TensorSpec> wanted;
  private final Workers workers;
  private final Map<String, Hessian> hessians = new HashMap<>();
  private float[] last;
  private Hessian lastHessian;

  HessianCollector(Predicate<TensorSpec> wanted, Workers workers) {
    this.wanted = wanted;
    this.workers = workers;
  }

  @Override
  public void observe(TensorSpec tensor, float[] inputs, int count) {
    if (!wanted.test(tensor)) {
      return;
    }
    if (inputs == last) {
      hessians.putIfAbsent(tensor.name(), lastHessian);
      return;
    }
    last = inputs;
    lastHessian = hessians.computeIfAbsent(tensor.name(), name -> new Hessian(tensor.cols()));
    lastHessian.add(inputs, count, workers);
  }

  /** By tensor. */
  Map<String, Hessian> hessians() {
    return hessians;
  }
}
