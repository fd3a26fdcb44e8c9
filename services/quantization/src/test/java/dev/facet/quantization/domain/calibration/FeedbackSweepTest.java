package dev.facet.quantization.domain.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.kernel.ScalarQuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sweep against GPTQ as the paper writes it: the inverse of H, eliminated column by column. */
class FeedbackSweepTest {
  private static final Workers CALLER = Workers.caller();

  @ParameterizedTest
  @CsvSource({"5,7,2", "9,40,3", "64,128,4", "70,172,2", "3,300,4"})
  void agreesWithTheTextbook(int rows, int cols, int anchor) {
    // Given
    float[] weights = CorrelatedInputs.weights(rows * cols, 3);
    Hessian hessian = CorrelatedInputs.hessian(cols, 4);
    FeedbackKernel kernel = new ScalarFeedbackKernel();
    FeedbackFactor factor = FeedbackFactor.of(hessian, kernel, CALLER);
    EmbeddedMatrix start =
        new EmbeddedEncoder(new ScalarQuantizationKernel(), CALLER)
            .encode(weights, rows, cols, CodeSettings.forAnchor(anchor));
    int[][] expected = new Textbook(hessian, factor, start).cells(weights);

    // When
    for (int first = 0; first < rows; first += LaneColumn.LANES) {
      RowTile tile = new RowTile(weights, start, first);
      new FeedbackSweep(kernel, factor, tile).run();

      // Then
      for (int lane = 0; lane < tile.rows; lane++) {
        for (int col = 0; col < cols; col++) {
          assertThat(tile.cells[col * LaneColumn.LANES + lane])
              .as("row %d, column %d", first + lane, col)
              .isEqualTo((byte) expected[first + lane][col]);
        }
      }
    }
  }

  /** Without blocks, factors or tiles. */
  private static final class Textbook {
    private final double[][] inverse;
    private final FeedbackFactor order;
    private final EmbeddedMatrix start;

    Textbook(Hessian hessian, FeedbackFactor order, EmbeddedMatrix start) {
      this.order = order;
      this.start = start;
      int size = hessian.size();
      double[][] damped = new double[size][size];
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          damped[i][j] = hessian.at(order.column(i), order.column(j));
        }
        damped[i][i] += order.damping();
      }
      inverse = invert(damped);
    }

    /** Gauss-Jordan elimination; the matrix is positive definite, so no pivot needs a search. */
    private static double[][] invert(double[][] matrix) {
      int size = matrix.length;
      double[][] inverse = new double[size][size];
      for (int i = 0; i < size; i++) {
        inverse[i][i] = 1;
      }
      for (int pivot = 0; pivot < size; pivot++) {
        double scale = 1 / matrix[pivot][pivot];
        for (int j = 0; j < size; j++) {
          matrix[pivot][j] *= scale;
          inverse[pivot][j] *= scale;
        }
        for (int i = 0; i < size; i++) {
          double factor = matrix[i][pivot];
          for (int j = 0; i != pivot && j < size; j++) {
            matrix[i][j] -= factor * matrix[pivot][j];
            inverse[i][j] -= factor * inverse[pivot][j];
          }
        }
      }
      return inverse;
    }

    int[][] cells(float[] weights) {
      int[][] cells = new int[start.rows()][start.cols()];
      double[][] present = new double[start.rows()][start.cols()];
      for (int row = 0; row < start.rows(); row++) {
        for (int i = 0; i < start.cols(); i++) {
          present[row][i] = weights[row * start.cols() + order.column(i)];
        }
      }
      for (int i = 0; i < start.cols(); i++) {
        for (int row = 0; row < start.rows(); row++) {
          roundAndCompensate(i, row, present[row], cells[row]);
        }
        eliminate(i);
      }
      return cells;
    }

    private void roundAndCompensate(int i, int row, double[] present, int[] cells) {
      int col = order.column(i);
      byte scaleByte = start.scaleByte(row, col / 32);
      double scale = start.rowScale(row, start.anchor()) * ((scaleByte & 0x7f) / 127f);
      double shift = scaleByte < 0 ? -start.shift() : start.shift();
      double half = 1 << (start.anchor() - 1);
      double position = (present[i] / scale - shift) * half + half;
      cells[col] = (int) Math.min(Math.max(position, 0), 2 * half - 1);
      double value = scale * ((cells[col] + 0.5) / half - 1 + shift);
      double error = (present[i] - value) / inverse[i][i];
      for (int j = i; j < present.length; j++) {
        present[j] -= error * inverse[i][j];
      }
    }

    /** Takes column {@code i} out of the inverse, as if it had not been part of H. */
    private void eliminate(int i) {
      for (int r = i + 1; r < inverse.length; r++) {
        double factor = inverse[r][i] / inverse[i][i];
        for (int c = i + 1; c < inverse.length; c++) {
          inverse[r][c] -= factor * inverse[i][c];
        }
      }
    }
  }
}
