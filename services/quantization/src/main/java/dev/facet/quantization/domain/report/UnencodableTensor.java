package dev.facet.quantization.domain.report;

import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.codec.UnencodableWeightException;
import java.util.Map;

/** A tensor with a weight that no code can stand for. */
public final class UnencodableTensor extends DomainProblem {
  private static final long serialVersionUID = 1L;

  /**
   * @param cause says which weight of the rows that were coded together
   */
  public UnencodableTensor(TensorSpec tensor, UnencodableWeightException cause) {
    super(
        "weight-unencodable",
        422,
        "Weight cannot be encoded",
        "Tensor %s: %s.".formatted(tensor.name(), cause.getMessage()),
        Map.of("tensor", tensor.name(), "column", cause.col()));
  }
}
