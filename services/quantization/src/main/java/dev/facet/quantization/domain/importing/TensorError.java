package dev.facet.quantization.domain.importing;

/**
 * What coding has cost one tensor.
 *
 * @param ladder ladder it was coded for
 * @param weights number of weights
 * @param anchor depth it is stored to, and was read at
 * @param relativeError Frobenius norm of the error over that of the tensor; 0 for a tensor of zeros
 */
public record TensorError(
    String ladder, String group, String tensor, long weights, int anchor, double relativeError) {
  /** The same tensor as part of another ladder. */
  public TensorError in(String other) {
    return new TensorError(other, group, tensor, weights, anchor, relativeError);
  }
}
