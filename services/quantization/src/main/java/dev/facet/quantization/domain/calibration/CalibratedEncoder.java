package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;

/**
 * Codes a matrix so that its outputs, not its weights, come out best for the inputs seen in
 * calibration: group scales and shifts by a search weighted by diag(H), cells by error feedback,
 * then descent on cells and scales, last the gains of prefixes. What comes out has the form of
 * {@link EmbeddedEncoder}'s, so the same planes are written.
 */
public final class CalibratedEncoder {
  private static final int PASSES = 3;

  private final FeedbackKernel kernel;
  private final EmbeddedEncoder search;
  private final Workers workers;

  public CalibratedEncoder(Workers workers) {
    this(FeedbackKernel.create(), new EmbeddedEncoder(Kernels.quantization(), workers), workers);
  }

  CalibratedEncoder(FeedbackKernel kernel, EmbeddedEncoder search, Workers workers) {
    this.kernel = kernel;
    this.search = search;
    this.workers = workers;
  }

  /**
   * @param weights {@code rows x inputs.size()}, row-major, finite
   */
  public CalibratedMatrix encode(
      float[] weights, int rows, LayerInputs inputs, CodeSettings settings) {
    EmbeddedMatrix start =
        search.encode(weights, rows, inputs.size(), settings, inputs.importance());
    Result result = new Result(start);
    int tiles = (rows + LANES - 1) / LANES;
    workers.forEach(tiles, t -> encode(new RowTile(weights, start, t * LANES), inputs, result));
    return result.matrix();
  }

  private void encode(RowTile tile, LayerInputs inputs, Result result) {
    new FeedbackSweep(kernel, inputs.factor, tile).run();
    GroupDescent descent = new GroupDescent(kernel, inputs.moments, tile);
    for (int pass = 0; pass < PASSES; pass++) {
      descent.pass();
    }
    PrefixFit fit = new PrefixFit(kernel, inputs.moments, tile);
    for (int depth = CodeSettings.MIN_DEPTH; depth < tile.anchor; depth++) {
      fit.fit(depth, result.gains[depth]);
    }
    result.keep(tile, descent);
  }

  /** What the tiles write to, each its own rows. */
  private static final class Result {
    private final EmbeddedMatrix start;
    private final byte[] scaleBytes;
    private final byte[] cells;
    private final double[][] gains;
    private final double[] errors;

    Result(EmbeddedMatrix start) {
      this.start = start;
      int groups = start.rows() * EmbeddedMatrix.groups(start.cols());
      this.scaleBytes = new byte[groups];
      this.cells = new byte[groups * GROUP];
      this.gains = new double[start.anchor()][start.rows()];
      this.errors = new double[start.rows()];
    }

    void keep(RowTile tile, GroupDescent descent) {
      tile.store(scaleBytes, cells);
      double[] sums = new double[LANES];
      descent.errors(sums);
      System.arraycopy(sums, 0, errors, tile.firstRow, tile.rows);
    }

    CalibratedMatrix matrix() {
      double error = 0;
      for (double rowError : errors) {
        error += rowError;
      }
      return new CalibratedMatrix(start.recoded(scaleBytes, cells, gains), error);
    }
  }
}
