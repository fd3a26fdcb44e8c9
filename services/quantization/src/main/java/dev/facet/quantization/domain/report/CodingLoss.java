package dev.facet.quantization.domain.report;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.importing.TensorError;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches the coding of one tensor group and measures what it costs each tensor. Not thread-safe.
 */
public final class CodingLoss implements MatrixEncoder {
  /** Sums over the blocks of one tensor. */
  private static final class Sums {
    int anchor;
    double error;
    double norm;
  }

  private final MatrixEncoder encoder;
  private final Map<TensorSpec, Sums> tensors = new LinkedHashMap<>();

  /**
   * @param encoder does the coding
   */
  public CodingLoss(MatrixEncoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public EmbeddedMatrix encode(
      TensorSpec tensor, float[] weights, int rowCount, CodeSettings settings) {
    EmbeddedMatrix matrix = encoder.encode(tensor, weights, rowCount, settings);
    float[] decoded = new float[Math.multiplyExact(rowCount, tensor.cols())];
    matrix.decode(settings.anchor(), 0, rowCount, decoded, 0);
    Sums sums = tensors.computeIfAbsent(tensor, key -> new Sums());
    sums.anchor = settings.anchor();
    for (int i = 0; i < decoded.length; i++) {
      double error = (double) weights[i] - decoded[i];
      sums.error += error * error;
      sums.norm += (double) weights[i] * weights[i];
    }
    return matrix;
  }

  /** Errors of the tensors coded so far, in order; float32 tensors have none. */
  public List<TensorError> errors(TaskKey task) {
    List<TensorError> errors = new ArrayList<>();
    tensors.forEach(
        (tensor, sums) ->
            errors.add(
                new TensorError(
                    task.ladder(),
                    task.group(),
                    tensor.name(),
                    tensor.weights(),
                    sums.anchor,
                    sums.norm == 0 ? 0 : Math.sqrt(sums.error / sums.norm))));
    return errors;
  }
}
