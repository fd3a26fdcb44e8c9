package dev.facet.quantization.domain.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads typed metadata values. Of arrays only a vocabulary's are kept. */
final class GgufValues {
  /** Stands for an array that nobody asks for. */
  static final Object SKIPPED = new Object();

  private static final int LONGEST_STRING = 1 << 20;
  private static final int LONGEST_TOKEN = 1 << 10;
  private static final long MOST_ELEMENTS = 1 << 20;
  private static final String VOCABULARY = "tokenizer.ggml.";
  private static final Set<String> KEPT =
      Set.of(
          VOCABULARY + "tokens",
          VOCABULARY + "scores",
          VOCABULARY + "token_type",
          VOCABULARY + "merges");

  private static final int FLOAT32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int FLOAT64 = 12;

  /** Bytes of one value of each type; of a string its length alone; 0 for arrays. */
  private static final int[] LEAST_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 8, 0, 8, 8, 8};

  private final String file;
  private final GgufCursor cursor;

  GgufValues(String file, GgufCursor cursor) {
    this.file = file;
    this.cursor = cursor;
  }

  /**
   * @return as {@link GgufMetadata} holds it, or {@link #SKIPPED}
   */
  Object read(String key) {
    int type = type(key);
    return switch (type) {
      case ARRAY -> array(key);
      case STRING -> cursor.string(LONGEST_STRING);
      case BOOL -> flag(key);
      case FLOAT32, FLOAT64 -> number(type);
      default -> integer(type);
    };
  }

  private int type(String key) {
    long at = cursor.offset();
    long type = cursor.u32();
    if (type >= LEAST_BYTES.length) {
      throw new GgufProblem.MalformedHeader(
          file, at, "%s has type %d, which there is not".formatted(key, type));
    }
    return (int) type;
  }

  private boolean flag(String key) {
    long at = cursor.offset();
    int value = cursor.u8();
    if (value > 1) {
      throw new GgufProblem.MalformedHeader(
          file, at, "%s is %d, neither true nor false".formatted(key, value));
    }
    return value == 1;
  }

  /** A float32 is taken as the shortest decimal that means it, as its writer had it. */
  private double number(int type) {
    return type == FLOAT32
        ? Double.parseDouble(Float.toString(Float.intBitsToFloat((int) cursor.u32())))
        : Double.longBitsToDouble(cursor.u64());
  }

  private long integer(int type) {
    return switch (type) {
      case 0 -> cursor.u8();
      case 1 -> (byte) cursor.u8();
      case 2 -> cursor.u16();
      case 3 -> (short) cursor.u16();
      case 4 -> cursor.u32();
      case 5 -> (int) cursor.u32();
      default -> cursor.u64();
    };
  }

  private Object array(String key) {
    int type = type(key);
    long at = cursor.offset();
    long count = cursor.u64();
    if (type == ARRAY) {
      throw new GgufProblem.MalformedHeader(file, at, key + " is an array of arrays");
    }
    if (count < 0 || count > cursor.remaining() / LEAST_BYTES[type]) {
      throw new GgufProblem.MalformedHeader(
          file,
          at,
          "%s announces %s elements, for which there are not bytes enough"
              .formatted(key, Long.toUnsignedString(count)));
    }
    if (!KEPT.contains(key)) {
      return skip(type, count);
    }
    if (count > MOST_ELEMENTS) {
      throw new GgufProblem.MalformedHeader(
          file, at, "%s has %d elements; 2^20 are read at most".formatted(key, count));
    }
    return elements(type, (int) count);
  }

  private Object skip(int type, long count) {
    if (type == STRING) {
      for (long i = 0; i < count; i++) {
        cursor.string(LONGEST_STRING);
      }
    } else {
      cursor.skip(count * LEAST_BYTES[type]);
    }
    return SKIPPED;
  }

  private Object elements(int type, int count) {
    if (type == STRING) {
      List<String> strings = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        strings.add(cursor.string(LONGEST_TOKEN));
      }
      return strings;
    }
    if (type == FLOAT32 || type == FLOAT64) {
      double[] numbers = new double[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = number(type);
      }
      return numbers;
    }
    long[] integers = new long[count];
    for (int i = 0; i < count; i++) {
      integers[i] = type == BOOL ? cursor.u8() : integer(type);
    }
    return integers;
  }
}
