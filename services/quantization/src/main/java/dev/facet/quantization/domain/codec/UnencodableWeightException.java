package dev.facet.quantization.domain.codec;

/**
 * A weight that no code can stand for: NaN, an infinity, or one whose scale leaves bfloat16's
 * range.
 */
public final class UnencodableWeightException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int row;
  private final int col;

  UnencodableWeightException(int row, int col, float value) {
    super("weight %s at row %d, column %d cannot be encoded".formatted(value, row, col));
    this.row = row;
    this.col = col;
  }

  public int row() {
    return row;
  }

  public int col() {
    return col;
  }
}
