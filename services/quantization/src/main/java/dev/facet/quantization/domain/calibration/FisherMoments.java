package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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

  /** The sets that hold some of the tensors. */
  FisherMoments of(Collection<TensorSpec> tensors) {
    Collection<String> names = tensors.stream().map(TensorSpec::name).toList();
    return new FisherMoments(
        sets.stream()
            .filter(set -> set.shares.keySet().stream().anyMatch(names::contains))
            .toList(),
        tokens);
  }

  /**
   * The moments of several texts together; each text's shares count alike.
   *
   * @param parts of the same sets in the same order
   */
  static FisherMoments sum(List<FisherMoments> parts) {
    List<Set> sums = new ArrayList<>();
    for (int i = 0; i < parts.get(0).sets.size(); i++) {
      int set = i;
      sums.add(sumOfSets(parts.stream().map(part -> part.sets.get(set)).toList()));
    }
    return new FisherMoments(sums, parts.stream().mapToLong(FisherMoments::tokens).sum());
  }

  private static Set sumOfSets(List<Set> parts) {
    Hessian hessian = new Hessian(parts.get(0).hessian.size());
    Map<String, double[]> shares = new LinkedHashMap<>();
    for (Set part : parts) {
      hessian.add(part.hessian);
      part.shares.forEach(
          (tensor, rows) -> {
            double[] sum = shares.computeIfAbsent(tensor, name -> new double[rows.length]);
            for (int row = 0; row < rows.length; row++) {
              sum[row] += rows[row] / parts.size();
            }
          });
    }
    return new Set(hessian, shares);
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
