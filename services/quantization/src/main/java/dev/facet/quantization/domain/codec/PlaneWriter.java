package dev.facet.quantization.domain.codec;

import static dev.facet.quantization.domain.codec.CodeSettings.MIN_DEPTH;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the segments of a coded matrix: a range of its rows at one depth. */
public final class PlaneWriter {
  private PlaneWriter() {}

  /** Length in bytes of the segment that {@link #write} would return. */
  public static int segmentBytes(int depth, int anchor, int rowCount, int cols) {
    return PlaneLayout.of(depth, anchor, rowCount, EmbeddedMatrix.groups(cols)).bytes();
  }

  /**
   * @param depth 2 for the base plane, 3..anchor for a refinement
   */
  public static byte[] write(EmbeddedMatrix matrix, int depth, int firstRow, int rowCount) {
    matrix.requireDepth(depth);
    PlaneLayout layout = PlaneLayout.of(depth, matrix.anchor, rowCount, matrix.groups);
    byte[] segment = new byte[layout.bytes()];
    ByteBuffer out = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
    if (depth < matrix.anchor) {
      out.put(layout.gains(), matrix.gains[depth], firstRow, rowCount);
    }
    if (depth == MIN_DEPTH) {
      writeScales(matrix, firstRow, rowCount, layout, out);
    }
    out.position(layout.codes());
    int firstGroup = firstRow * matrix.groups;
    for (int group = firstGroup; group < firstGroup + rowCount * matrix.groups; group++) {
      writeCodes(matrix, depth, group * GROUP, out);
    }
    return segment;
  }

  private static void writeScales(
      EmbeddedMatrix matrix, int firstRow, int rowCount, PlaneLayout layout, ByteBuffer out) {
    for (int r = 0; r < rowCount; r++) {
      out.putShort(2 * r, matrix.rowScales[firstRow + r]);
    }
    int groups = matrix.groups;
    out.put(layout.scaleBytes(), matrix.scaleBytes, firstRow * groups, rowCount * groups);
  }

  private static void writeCodes(EmbeddedMatrix matrix, int depth, int from, ByteBuffer out) {
    if (depth == MIN_DEPTH) {
      out.putInt(baseWord(matrix.cells, from, matrix.anchor - MIN_DEPTH));
      out.putInt(baseWord(matrix.cells, from + 16, matrix.anchor - MIN_DEPTH));
    } else {
      out.putInt(refinementWord(matrix.cells, from, matrix.anchor - depth));
    }
  }

  /** Weight {@code 4i + j} of 16 at bit {@code 8j + 2i}. */
  static int baseWord(byte[] cells, int from, int dropped) {
    int word = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        word |= ((cells[from + 4 * i + j] & 0xff) >> dropped & 3) << (8 * j + 2 * i);
      }
    }
    return word;
  }

  /** Weight {@code 4i + j} of 32 at bit {@code 8j + i}. */
  static int refinementWord(byte[] cells, int from, int dropped) {
    int word = 0;
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 4; j++) {
        word |= ((cells[from + 4 * i + j] & 0xff) >> dropped & 1) << (8 * j + i);
      }
    }
    return word;
  }
}
