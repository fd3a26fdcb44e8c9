package dev.facet.quantization.domain.importing;

/**
 * What coding has cost one tensor.
 *
 * @param ladder ladder it was coded for
 * @param anchor depth it is stored to
 * @param depth depth it was read at
 * @param relativeError Frobenius norm of the error over that of the tensor; 0 for a tensor of zeros
 */
public record TensorError(
    String ladder, String group, String tensor, int anchor, int depth, double relativeError) {}
