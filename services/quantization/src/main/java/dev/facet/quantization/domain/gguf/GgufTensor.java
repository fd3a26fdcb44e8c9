package dev.facet.quantization.domain.gguf;

import java.util.List;

/**
 * A tensor as a header describes it.
 *
 * @param shape extents, the fastest first: {@code [columns, rows]} of a matrix
 * @param begin first byte in the file
 * @param bytes multiple of the type's block size
 */
public record GgufTensor(String name, List<Long> shape, GgufType type, long begin, long bytes) {
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  /** Outputs; 1 for a vector. */
  public long rows() {
    return shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
  }

  /** Inputs, or the length of a vector. */
  public long cols() {
    return shape.get(0);
  }

  long rowBlocks() {
    return cols() / type.blockWeights();
  }
}
