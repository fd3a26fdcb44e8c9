package dev.facet.quantization.domain.checkpoint;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A JSON object with the name of the file it came from, so that a wrong value is reported by its
 * place. Null values count as absent.
 */
public final class JsonObject {
  private final String file;
  private final String prefix;
  private final Map<String, Object> members;

  private JsonObject(String file, String prefix, Map<String, Object> members) {
    this.file = file;
    this.prefix = prefix;
    this.members = members;
  }

  static JsonObject parse(JsonSource json, String file, byte[] utf8) {
    try {
      return new JsonObject(file, "", json.object(utf8));
    } catch (JsonSource.MalformedJsonException e) {
      throw new CheckpointProblem.MalformedJson(file, e.getMessage());
    }
  }

  Set<String> keys() {
    return members.keySet();
  }

  boolean has(String key) {
    return members.get(key) != null;
  }

  JsonObject object(String key) {
    if (!(members.get(key) instanceof Map<?, ?> map)) {
      throw wrong(key, "an object");
    }
    @SuppressWarnings("unchecked") // a JsonSource makes maps with string keys only
    Map<String, Object> inner = (Map<String, Object>) map;
    return new JsonObject(file, prefix + key + ".", inner);
  }

  List<?> list(String key) {
    if (!(members.get(key) instanceof List<?> list)) {
      throw wrong(key, "a list");
    }
    return list;
  }

  String string(String key) {
    if (!(members.get(key) instanceof String text)) {
      throw wrong(key, "a string");
    }
    return text;
  }

  String string(String key, String absent) {
    return has(key) ? string(key) : absent;
  }

  boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (!(members.get(key) instanceof Boolean flag)) {
      throw wrong(key, "true or false");
    }
    return flag;
  }

  /** An integer from 1 to 2^30. */
  int count(String key) {
    Object value = members.get(key);
    if (!(value instanceof Long number) || number < 1 || number > 1 << 30) {
      throw wrong(key, "an integer from 1 to 2^30");
    }
    return number.intValue();
  }

  int count(String key, int absent) {
    return has(key) ? count(key) : absent;
  }

  /** A finite number above 0. */
  double positive(String key) {
    double value = number(members.get(key));
    if (!(value > 0) || Double.isInfinite(value)) {
      throw wrong(key, "a number above 0");
    }
    return value;
  }

  double positive(String key, double absent) {
    return has(key) ? positive(key) : absent;
  }

  private static double number(Object value) {
    if (value instanceof Long
        || value instanceof Double
        || value instanceof BigInteger
        || value instanceof BigDecimal) {
      return ((Number) value).doubleValue();
    }
    return Double.NaN;
  }

  /** A token id, or a list of them; empty when absent. */
  List<Integer> tokenIds(String key, int vocabSize) {
    if (!has(key)) {
      return List.of();
    }
    List<?> values = members.get(key) instanceof List<?> list ? list : List.of(members.get(key));
    return values.stream().map(value -> tokenId(key, value, vocabSize)).toList();
  }

  private Integer tokenId(String key, Object value, int vocabSize) {
    if (!(value instanceof Long id) || id < 0 || id >= vocabSize) {
      throw wrong(key, "a token id from 0 to " + (vocabSize - 1));
    }
    return id.intValue();
  }

  CheckpointProblem.MalformedJson wrong(String key, String expected) {
    String found = members.containsKey(key) ? "is " + brief(members.get(key)) : "is absent";
    return new CheckpointProblem.MalformedJson(
        file, "%s%s %s, expected %s".formatted(prefix, key, found, expected));
  }

  private static String brief(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
