package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A tensor with a weight that no code can stand for. */
public final class UnencodableTensor extends DomainProblem {
  private static final long serialVersionUID = 1L;

  UnencodableTensor(String tensor, int row, int col) {
    super(
        "tensor-unencodable",
        422,
        "Tensor cannot be encoded",
        "The weight at row %d, column %d of tensor %s is too large to be encoded."
            .formatted(row, col, tensor),
        Map.of("tensor", tensor, "row", row, "column", col));
  }
}
