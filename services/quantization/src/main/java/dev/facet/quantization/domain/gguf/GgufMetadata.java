package dev.facet.quantization.domain.gguf;

import java.util.List;
import java.util.Map;

/**
 * The key-value pairs of a header. Integers of any width are {@code Long}, floats {@code Double},
 * arrays of numbers {@code long[]} or {@code double[]}, of strings {@code List}.
 */
public final class GgufMetadata {
  private static final long LARGEST_COUNT = 1 << 30;

  private final String file;
  private final Map<String, Object> values;

  GgufMetadata(String file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** Reports a value that is missing, mistyped or not supported. */
  public GgufProblem wrong(String key, String detail) {
    return new GgufProblem.BadMetadata(file, key, detail);
  }

  public String string(String key) {
    if (!(values.get(key) instanceof String text)) {
      throw expected(key, "a string");
    }
    return text;
  }

  public String string(String key, String absent) {
    return has(key) ? string(key) : absent;
  }

  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (!(values.get(key) instanceof Boolean flag)) {
      throw expected(key, "true or false");
    }
    return flag;
  }

  /** An integer from {@code least} to 2^30. */
  public int integer(String key, int least) {
    if (!(values.get(key) instanceof Long number) || number < least || number > LARGEST_COUNT) {
      throw expected(key, "an integer from %d to 2^30".formatted(least));
    }
    return number.intValue();
  }

  /** An integer from 1 to 2^30. */
  public int count(String key) {
    return integer(key, 1);
  }

  public int count(String key, int absent) {
    return has(key) ? count(key) : absent;
  }

  /** A finite number above 0. */
  public double positive(String key) {
    if (!(values.get(key) instanceof Double number) || !(number > 0) || number.isInfinite()) {
      throw expected(key, "a number above 0");
    }
    return number;
  }

  public double positive(String key, double absent) {
    return has(key) ? positive(key) : absent;
  }

  @SuppressWarnings("unchecked") // the header makes lists of strings only
  public List<String> strings(String key) {
    if (!(values.get(key) instanceof List<?> list)) {
      throw expected(key, "an array of strings");
    }
    return (List<String>) list;
  }

  public long[] integers(String key) {
    if (!(values.get(key) instanceof long[] numbers)) {
      throw expected(key, "an array of integers");
    }
    return numbers;
  }

  public double[] numbers(String key) {
    if (!(values.get(key) instanceof double[] numbers)) {
      throw expected(key, "an array of numbers");
    }
    return numbers;
  }

  private GgufProblem expected(String key, String kind) {
    return wrong(key, has(key) ? "must be " + kind : "is missing; it must be " + kind);
  }
}
