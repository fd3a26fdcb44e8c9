package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.MatrixEncoder;

/** Codes tensors whose inputs calibration has seen with error feedback, all others by rounding. */
public final class CalibratedMatrixEncoder implements MatrixEncoder {
  private final Calibration calibration;
  private final CalibratedEncoder encoder;
  private final MatrixEncoder rounding;

  /**
   * @param rounding codes embeddings, and what else is not the weight of a linear layer
   */
  public CalibratedMatrixEncoder(Calibration calibration, MatrixEncoder rounding, Workers workers) {
    this.calibration = calibration;
    this.encoder = new CalibratedEncoder(workers);
    this.rounding = rounding;
  }

  @Override
  public EmbeddedMatrix encode(
      TensorSpec tensor, float[] weights, int rowCount, CodeSettings settings) {
    return calibration
        .inputs(tensor)
        .map(inputs -> encoder.encode(weights, rowCount, inputs, settings).matrix())
        .orElseGet(() -> rounding.encode(tensor, weights, rowCount, settings));
  }
}
