package dev.facet.quantization.domain.codec;

import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;
import static dev.facet.quantization.domain.kernel.GroupBlock.LANES;

import dev.facet.quantization.domain.kernel.GroupBlock;
import dev.facet.quantization.domain.kernel.QuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.Arrays;

/**
 * Rounds a matrix to the embedded code. Rows are coded apart from each other, so any split of the
 * rows over workers gives the same bytes.
 */
public final class EmbeddedEncoder {
  private static final int ROWS_PER_PIECE = 32;

  private final QuantizationKernel kernel;
  private final Workers workers;

  public EmbeddedEncoder(QuantizationKernel kernel, Workers workers) {
    this.kernel = kernel;
    this.workers = workers;
  }

  /**
   * @param weights {@code rows x cols}, row-major, finite
   */
  public EmbeddedMatrix encode(float[] weights, int rows, int cols, CodeSettings settings) {
    float[] importance = new float[cols];
    Arrays.fill(importance, 1);
    return encode(weights, rows, cols, settings, importance);
  }

  /**
   * @param weights {@code rows x cols}, row-major, finite
   * @param importance how much a squared error counts in each column, positive
   */
  public EmbeddedMatrix encode(
      float[] weights, int rows, int cols, CodeSettings settings, float[] importance) {
    EmbeddedMatrix matrix =
        new EmbeddedMatrix(rows, cols, settings.anchor(), settings.anchor(), settings.shift());
    int pieces = (rows + ROWS_PER_PIECE - 1) / ROWS_PER_PIECE;
    workers.forEach(
        pieces,
        piece -> {
          int first = piece * ROWS_PER_PIECE;
          int count = Math.min(ROWS_PER_PIECE, rows - first);
          new RowRange(weights, importance, matrix, settings, first, count).encode(kernel);
        });
    return matrix;
  }

  /** The rows of one piece of work, each scaled by a power of two to a largest weight of 1 to 2. */
  private static final class RowRange {
    private final float[] weights;
    private final float[] importance;
    private final EmbeddedMatrix matrix;
    private final CodeSettings settings;
    private final int firstRow;
    private final int rowCount;
    private final int lanes;
    private final int[] exponents;
    private final GroupBlock block = new GroupBlock();
    private final ScaleSearch search;
    private final float[] idealScales;

    RowRange(
        float[] weights,
        float[] importance,
        EmbeddedMatrix matrix,
        CodeSettings settings,
        int firstRow,
        int rowCount) {
      this.weights = weights;
      this.importance = importance;
      this.matrix = matrix;
      this.settings = settings;
      this.firstRow = firstRow;
      this.rowCount = rowCount;
      this.lanes = rowCount * matrix.groups;
      this.exponents = new int[rowCount];
      this.search = new ScaleSearch(settings, block);
      this.idealScales = new float[(lanes + LANES - 1) / LANES * LANES];
    }

    void encode(QuantizationKernel kernel) {
      for (int r = 0; r < rowCount; r++) {
        exponents[r] = exponent(firstRow + r);
      }
      for (int lane = 0; lane < lanes; lane += LANES) {
        fill(lane);
        search.idealScales(kernel, idealScales, lane);
      }
      for (int r = 0; r < rowCount; r++) {
        chooseRowScale(r);
      }
      for (int lane = 0; lane < lanes; lane += LANES) {
        fill(lane);
        quantizeBlock(kernel, lane);
      }
      PrefixGains.fit(weights, matrix, firstRow, rowCount);
    }

    /**
     * Exponent of the row's largest weight; rows of zeros and subnormals get the least exponent.
     */
    private int exponent(int row) {
      float largest = 0;
      for (int col = 0; col < matrix.cols; col++) {
        float weight = Math.abs(weights[row * matrix.cols + col]);
        if (!(weight <= Float.MAX_VALUE)) {
          throw new UnencodableWeightException(row, col, weights[row * matrix.cols + col]);
        }
        largest = Math.max(largest, weight);
      }
      return Math.getExponent(largest);
    }

    private boolean isZero(int r) {
      return exponents[r] < Float.MIN_EXPONENT;
    }

    private void fill(int firstLane) {
      Arrays.fill(block.values, 0);
      Arrays.fill(block.importance, 0);
      for (int g = 0; g < LANES && firstLane + g < lanes; g++) {
        int r = (firstLane + g) / matrix.groups;
        if (!isZero(r)) {
          fillLane(g, r, (firstLane + g) % matrix.groups);
        }
      }
    }

    private void fillLane(int lane, int r, int group) {
      int from = (firstRow + r) * matrix.cols + group * GROUP;
      int count = Math.min(GROUP, matrix.cols - group * GROUP);
      for (int i = 0; i < count; i++) {
        float weight = Math.scalb(weights[from + i], -exponents[r]);
        block.values[i * LANES + lane] = weight;
        block.importance[i * LANES + lane] = importance[group * GROUP + i];
      }
    }

    private void chooseRowScale(int r) {
      float largest = 0;
      for (int g = 0; g < matrix.groups; g++) {
        largest = Math.max(largest, idealScales[r * matrix.groups + g]);
      }
      short scale = isZero(r) ? 0 : Bfloat16.roundUp(Math.scalb(largest, exponents[r]));
      if (!Float.isFinite(Bfloat16.toFloat(scale))) {
        throw new UnencodableWeightException(
            firstRow + r, 0, weights[(firstRow + r) * matrix.cols]);
      }
      matrix.rowScales[firstRow + r] = scale;
    }

    private void quantizeBlock(QuantizationKernel kernel, int firstLane) {
      float[] rowScales = new float[LANES];
      for (int g = 0; g < LANES && firstLane + g < lanes; g++) {
        int r = (firstLane + g) / matrix.groups;
        float scale = Bfloat16.toFloat(matrix.rowScales[firstRow + r]);
        rowScales[g] = isZero(r) ? 0 : Math.scalb(scale, -exponents[r]);
      }
      search.quantize(kernel, rowScales, idealScales, firstLane);
      for (int g = 0; g < LANES && firstLane + g < lanes; g++) {
        int group = firstRow * matrix.groups + firstLane + g;
        matrix.scaleBytes[group] = search.scaleBytes[g];
        for (int i = 0; i < GROUP; i++) {
          matrix.cells[group * GROUP + i] = search.cells[i * LANES + g];
        }
      }
    }
  }
}
