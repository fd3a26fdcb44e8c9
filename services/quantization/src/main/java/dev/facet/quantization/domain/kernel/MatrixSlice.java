package dev.facet.quantization.domain.kernel;

/**
 * A row-major matrix inside an array.
 *
 * @param offset index of its first element
 * @param stride elements from one row to the next
 */
public record MatrixSlice(float[] data, int offset, int stride) {

  /** A matrix that fills its array from the start, rows side by side. */
  public static MatrixSlice of(float[] data, int cols) {
    return new MatrixSlice(data, 0, cols);
  }

  /** Index of the first element of a row. */
  public int row(int index) {
    return offset + index * stride;
  }
}
