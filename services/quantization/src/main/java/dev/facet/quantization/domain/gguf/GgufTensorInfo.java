package dev.facet.quantization.domain.gguf;

import java.util.ArrayList;
import java.util.List;

/**
 * One tensor of a header, its product checked, its place not yet.
 *
 * @param shape the fastest extent first
 * @param offset from the begin of the data, unsigned
 */
record GgufTensorInfo(String name, List<Long> shape, GgufType type, long bytes, long offset) {
  private static final int LONGEST_NAME = 1 << 10;
  private static final int MOST_EXTENTS = 4;

  static GgufTensorInfo read(String file, GgufCursor cursor) {
    String name = cursor.string(LONGEST_NAME);
    List<Long> shape = shape(file, name, cursor);
    long number = cursor.u32();
    GgufType type = GgufType.numbered(number);
    if (type == null) {
      throw new GgufProblem.UnsupportedType(file, name, "number " + number);
    }
    return new GgufTensorInfo(name, shape, type, bytes(file, name, shape, type), cursor.u64());
  }

  private static List<Long> shape(String file, String name, GgufCursor cursor) {
    long extents = cursor.u32();
    if (extents < 1 || extents > MOST_EXTENTS) {
      throw new GgufProblem.BadTensor(
          file, name, "has %d extents; 1 to %d are possible".formatted(extents, MOST_EXTENTS));
    }
    List<Long> shape = new ArrayList<>();
    for (long i = 0; i < extents; i++) {
      long extent = cursor.u64();
      if (extent < 1) {
        throw new GgufProblem.BadTensor(
            file, name, "has an extent of " + Long.toUnsignedString(extent));
      }
      shape.add(extent);
    }
    return shape;
  }

  private static long bytes(String file, String name, List<Long> shape, GgufType type) {
    if (shape.get(0) % type.blockWeights() != 0) {
      throw new GgufProblem.BadTensor(
          file,
          name,
          "has rows of %d weights, no multiple of the %d in a block of %s"
              .formatted(shape.get(0), type.blockWeights(), type));
    }
    try {
      long bytes = Math.multiplyExact(shape.get(0) / type.blockWeights(), type.blockBytes());
      for (long extent : shape.subList(1, shape.size())) {
        bytes = Math.multiplyExact(bytes, extent);
      }
      return bytes;
    } catch (ArithmeticException overflow) {
      throw new GgufProblem.BadTensor(
          file, name, "has shape %s, whose product overflows".formatted(shape));
    }
  }

  GgufTensor at(long begin) {
    return new GgufTensor(name, shape, type, begin, bytes);
  }
}
