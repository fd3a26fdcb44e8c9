package dev.facet.quantization.domain.codec;

import static dev.facet.quantization.domain.codec.CodeSettings.MIN_DEPTH;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Puts the segments of one tensor together again, in whatever order they come. The scalar reference
 * for readers in other languages.
 */
public final class PlaneReader {
  private final EmbeddedMatrix matrix;
  private final BitSet[] present;

  /**
   * @param depth the deepest plane that will be added, at most {@code anchor}
   */
  public PlaneReader(int rows, int cols, int anchor, int depth, float shift) {
    if (depth < MIN_DEPTH || depth > anchor || anchor > CodeSettings.MAX_DEPTH) {
      throw new MalformedPlaneException("depth " + depth + " with anchor " + anchor);
    }
    matrix = new EmbeddedMatrix(rows, cols, anchor, depth, shift);
    present = new BitSet[depth + 1];
    for (int d = MIN_DEPTH; d <= depth; d++) {
      present[d] = new BitSet(rows);
    }
  }

  /** Adds one segment; {@code bytes} from its position to its limit are the segment. */
  public void add(int depth, int firstRow, int rowCount, ByteBuffer bytes) {
    requireNew(depth, firstRow, rowCount);
    PlaneLayout layout = PlaneLayout.of(depth, matrix.anchor, rowCount, matrix.groups);
    if (bytes.remaining() != layout.bytes()) {
      throw new MalformedPlaneException(
          "a segment of depth %d and %d rows has %d bytes, not %d"
              .formatted(depth, rowCount, bytes.remaining(), layout.bytes()));
    }
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (depth < matrix.anchor) {
      in.get(layout.gains(), matrix.gains[depth], firstRow, rowCount);
    }
    if (depth == MIN_DEPTH) {
      readScales(firstRow, rowCount, layout, in);
    }
    in.position(layout.codes());
    int firstGroup = firstRow * matrix.groups;
    for (int group = firstGroup; group < firstGroup + rowCount * matrix.groups; group++) {
      readCodes(depth, group * GROUP, in);
    }
    present[depth].set(firstRow, firstRow + rowCount);
  }

  private void requireNew(int depth, int firstRow, int rowCount) {
    if (depth < MIN_DEPTH || depth > matrix.depth) {
      throw new MalformedPlaneException("depth " + depth + " is not within 2.." + matrix.depth);
    }
    if (firstRow < 0 || rowCount < 1 || firstRow > matrix.rows - rowCount) {
      throw new MalformedPlaneException(
          "rows %d+%d of a tensor of %d rows".formatted(firstRow, rowCount, matrix.rows));
    }
    int given = present[depth].nextSetBit(firstRow);
    if (given >= 0 && given < firstRow + rowCount) {
      throw new MalformedPlaneException("row " + given + " is given twice at depth " + depth);
    }
  }

  private void readScales(int firstRow, int rowCount, PlaneLayout layout, ByteBuffer in) {
    for (int r = 0; r < rowCount; r++) {
      short scale = in.getShort(2 * r);
      if (!Float.isFinite(Bfloat16.toFloat(scale)) || scale < 0) {
        throw new MalformedPlaneException("row " + (firstRow + r) + " has no finite scale");
      }
      matrix.rowScales[firstRow + r] = scale;
    }
    int groups = matrix.groups;
    in.get(layout.scaleBytes(), matrix.scaleBytes, firstRow * groups, rowCount * groups);
  }

  private void readCodes(int depth, int to, ByteBuffer in) {
    int up = matrix.anchor - depth;
    if (depth > MIN_DEPTH) {
      int word = in.getInt();
      for (int i = 0; i < 8; i++) {
        putFour(to + 4 * i, word >>> i & 0x01010101, up);
      }
      return;
    }
    for (int h = 0; h < 2; h++) {
      int word = in.getInt();
      for (int i = 0; i < 4; i++) {
        putFour(to + 16 * h + 4 * i, word >>> 2 * i & 0x03030303, up);
      }
    }
  }

  private void putFour(int to, int bits, int up) {
    for (int j = 0; j < 4; j++) {
      matrix.cells[to + j] |= (byte) ((bits >>> 8 * j & 3) << up);
    }
  }

  /** The matrix, once every row has every plane down to the depth announced. */
  public EmbeddedMatrix matrix() {
    for (int d = MIN_DEPTH; d <= matrix.depth; d++) {
      int missing = present[d].nextClearBit(0);
      if (missing < matrix.rows) {
        throw new MalformedPlaneException("row " + missing + " is missing at depth " + d);
      }
    }
    return matrix;
  }
}
