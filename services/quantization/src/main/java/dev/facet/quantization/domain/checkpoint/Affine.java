package dev.facet.quantization.domain.checkpoint;

/** A linear layer or a norm with its bias. */
public record Affine(TensorSpec weight, TensorSpec bias) {
  /**
   * @param name of the tensors, less {@code .weight} and {@code .bias}
   */
  static Affine linear(String name, int rows, int cols) {
    return new Affine(
        new TensorSpec(name + ".weight", rows, cols), new TensorSpec(name + ".bias", 1, rows));
  }

  static Affine norm(String name, int width) {
    return new Affine(
        new TensorSpec(name + ".weight", 1, width), new TensorSpec(name + ".bias", 1, width));
  }
}
