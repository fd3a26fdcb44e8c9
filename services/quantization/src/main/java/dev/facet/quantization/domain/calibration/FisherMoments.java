package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import java.util.List;
import java.util.Map;

/**
 * A Kronecker-factored Fisher information of a model's matrices, the factor of the outputs
 * diagonal. With errors E of a matrix, {@code sum_i shares_i (E H E^T)_ii / (2 tokens)} is about
 * the mean divergence that they make.
 *
 * @param sets each Hessian with the tensors it belongs to
 * @param tokens how many were seen
 */
record FisherMoments(List<Set> sets, long tokens) {

  /**
   * @param hessian second moments of the inputs, each token weighed by the squared gradient by all
   *     outputs of the set
   * @param shares by tensor, how much of the squared gradient falls on each row; 1 in all
   */
  record Set(Hessian hessian, Map<String, double[]> shares) {}

  FisherMoments {
    sets = List.copyOf(sets);
  }

  /** Null if the tensor was not seen. */
  Hessian hessian(TensorSpec tensor) {
    Set set = set(tensor);
    return set == null ? null : set.hessian;
  }

  double[] shares(TensorSpec tensor) {
    return set(tensor).shares.get(tensor.name());
  }

  private Set set(TensorSpec tensor) {
    return sets.stream()
        .filter(set -> set.shares.containsKey(tensor.name()))
        .findFirst()
        .orElse(null);
  }
}
