package dev.facet.quantization.domain.ladder;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;

/**
 * Codes some rows of a tensor: by rounding alone, or with what calibration has seen of its inputs.
 */
@FunctionalInterface
public interface MatrixEncoder {
  /**
   * @param weights {@code rowCount x tensor.cols()}, row-major, finite
   * @return the rows given, the same whatever other rows are given with them
   */
  EmbeddedMatrix encode(TensorSpec tensor, float[] weights, int rowCount, CodeSettings settings);

  /** Rounds each weight for itself: needs no data. */
  static MatrixEncoder rounding(EmbeddedEncoder encoder) {
    return (tensor, weights, rowCount, settings) ->
        encoder.encode(weights, rowCount, tensor.cols(), settings);
  }
}
