package dev.facet.quantization.domain.checkpoint;

/**
 * A tensor that an architecture asks for. A vector has one row.
 *
 * @param name as in the checkpoint
 * @param rows outputs
 * @param cols inputs
 */
public record TensorSpec(String name, int rows, int cols) {
  public TensorSpec {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(name + " has no weights: " + rows + " x " + cols);
    }
  }

  public long weights() {
    return (long) rows * cols;
  }
}
