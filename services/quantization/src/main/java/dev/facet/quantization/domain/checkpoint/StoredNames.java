package dev.facet.quantization.domain.checkpoint;

import java.util.Map;

/** Collects under which names a checkpoint stores what is asked for. */
record StoredNames(Map<String, TensorView> views) {
  void of(TensorSpec tensor, String stored) {
    rowsOf(tensor, stored, tensor.rows());
  }

  /** The first rows of a tensor that has more. */
  void rowsOf(TensorSpec tensor, String stored, int rows) {
    views.put(tensor.name(), TensorView.of(new TensorSpec(stored, rows, tensor.cols())));
  }

  /**
   * @param stored name less {@code .weight} and {@code .bias}
   */
  void of(Affine layer, String stored) {
    of(layer.weight(), stored + ".weight");
    of(layer.bias(), stored + ".bias");
  }
}
