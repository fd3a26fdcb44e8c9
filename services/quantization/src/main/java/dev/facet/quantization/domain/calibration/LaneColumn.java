package dev.facet.quantization.domain.calibration;

/**
 * One column of a tile of {@link #LANES} rows: what is to be rounded, with which scales, and what
 * comes out. A view that moves from column to column; each array holds one value a row from its
 * offset on.
 */
final class LaneColumn {
  /** Rows that are worked on together; a multiple of every vector width. */
  static final int LANES = 64;

  /** What is rounded, together with {@link #feedback}. */
  float[] weights;

  /** What other columns' errors add. */
  float[] feedback;

  int feedbackFrom;

  /** Group scales; 0 for groups of zeros. */
  float[] scales;

  /** Reciprocals of the scales; 0 for groups of zeros. */
  float[] inverses;

  /** Signed shifts, in units of the scale. */
  float[] shifts;

  /** Offset in {@link #scales}, {@link #inverses} and {@link #shifts}. */
  int group;

  /** Receives the cells. */
  byte[] cells;

  /** Receives the decoded values. */
  float[] values;

  /** Offset in {@link #weights}, {@link #cells} and {@link #values}. */
  int column;
}
