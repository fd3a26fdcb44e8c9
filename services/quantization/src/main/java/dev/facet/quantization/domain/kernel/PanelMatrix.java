package dev.facet.quantization.domain.kernel;

/**
 * A matrix laid out for products: rows {@code 32p .. 32p+31} lie side by side, one vector of 32 for
 * each column, so that a product with many vectors reads it from start to end. Rows past the last
 * are 0.
 */
public final class PanelMatrix {
  /** Rows that lie side by side; a multiple of every vector width. */
  public static final int PANEL = 32;

  final float[] values;
  final int rows;
  final int cols;

  private PanelMatrix(int rows, int cols) {
    int panels = (rows + PANEL - 1) / PANEL;
    this.values = new float[Math.multiplyExact(panels * PANEL, cols)];
    this.rows = rows;
    this.cols = cols;
  }

  /**
   * @param matrix {@code rows x cols}
   */
  public static PanelMatrix of(MatrixSlice matrix, int rows, int cols) {
    PanelMatrix panels = new PanelMatrix(rows, cols);
    for (int row = 0; row < rows; row++) {
      int to = row / PANEL * PANEL * cols + row % PANEL;
      int from = matrix.row(row);
      for (int col = 0; col < cols; col++) {
        panels.values[to + col * PANEL] = matrix.data()[from + col];
      }
    }
    return panels;
  }

  /**
   * @param transposed {@code cols x rows}
   */
  public static PanelMatrix ofTransposed(MatrixSlice transposed, int rows, int cols) {
    PanelMatrix panels = new PanelMatrix(rows, cols);
    for (int first = 0; first < rows; first += PANEL) {
      int width = Math.min(PANEL, rows - first);
      for (int col = 0; col < cols; col++) {
        System.arraycopy(
            transposed.data(),
            transposed.row(col) + first,
            panels.values,
            first * cols + col * PANEL,
            width);
      }
    }
    return panels;
  }

  /** Values held, padding included. */
  public int size() {
    return values.length;
  }
}
