package dev.facet.quantization.domain.checkpoint;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A JSON object with the name of the file it came from, so that a wrong value is reported by its
 * place. Null values count as absent.
 */
public final class JsonObject {
  private final String file;
  private final String prefix;
  private final Map<String, Object> members;
  private final Set<String> read = new HashSet<>();

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

  /** Members that nothing has asked for, by name. */
  Map<String, Object> unread() {
    Map<String, Object> unread = new TreeMap<>(members);
    unread.keySet().removeAll(read);
    return unread;
  }

  /** The member's name with those of the objects around it. */
  String place(String key) {
    return prefix + key;
  }

  /** Whether there is a value that is not null. */
  boolean has(String key) {
    return member(key) != null;
  }

  /** Whether null is written. */
  boolean isNull(String key) {
    return members.containsKey(key) && !has(key);
  }

  private Object member(String key) {
    read.add(key);
    return members.get(key);
  }

  JsonObject object(String key) {
    if (!(member(key) instanceof Map<?, ?> map)) {
      throw wrong(key, "an object");
    }
    @SuppressWarnings("unchecked") // a JsonSource makes maps with string keys only
    Map<String, Object> inner = (Map<String, Object>) map;
    return new JsonObject(file, prefix + key + ".", inner);
  }

  List<?> list(String key) {
    if (!(member(key) instanceof List<?> list)) {
      throw wrong(key, "a list");
    }
    return list;
  }

  String string(String key) {
    if (!(member(key) instanceof String text)) {
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
    if (!(member(key) instanceof Boolean flag)) {
      throw wrong(key, "true or false");
    }
    return flag;
  }

  /** An integer from 1 to 2^30. */
  int count(String key) {
    Object value = member(key);
    if (!(value instanceof Long number) || number < 1 || number > 1 << 30) {
      throw wrong(key, "an integer from 1 to 2^30");
    }
    return number.intValue();
  }

  /** An integer within plus and minus 2^30. */
  int integer(String key, int absent) {
    if (!has(key)) {
      return absent;
    }
    if (!(member(key) instanceof Long number) || Math.abs(number) > 1 << 30) {
      throw wrong(key, "an integer within 2^30");
    }
    return number.intValue();
  }

  int count(String key, int absent) {
    return has(key) ? count(key) : absent;
  }

  /** A finite number above 0. */
  double positive(String key) {
    double value = number(member(key));
    if (!(value > 0) || Double.isInfinite(value)) {
      throw wrong(key, "a number above 0");
    }
    return value;
  }

  double positive(String key, double absent) {
    return has(key) ? positive(key) : absent;
  }

  /** A list of so many finite numbers above 0. */
  List<Double> positives(String key, int count) {
    List<Double> values = list(key).stream().map(JsonObject::number).toList();
    if (values.size() != count || !values.stream().allMatch(v -> v > 0 && v < Double.MAX_VALUE)) {
      throw wrong(key, "a list of %d numbers above 0".formatted(count));
    }
    return values;
  }

  /** A list of so many strings. */
  List<String> strings(String key, int count) {
    List<?> values = list(key);
    if (values.size() != count || !values.stream().allMatch(String.class::isInstance)) {
      throw wrong(key, "a list of %d strings".formatted(count));
    }
    return values.stream().map(String.class::cast).toList();
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
    List<?> values = member(key) instanceof List<?> list ? list : List.of(member(key));
    return values.stream().map(value -> tokenId(key, value, vocabSize)).toList();
  }

  private Integer tokenId(String key, Object value, int vocabSize) {
    if (!(value instanceof Long id) || id < 0 || id >= vocabSize) {
      throw wrong(key, "a token id from 0 to " + (vocabSize - 1));
    }
    return id.intValue();
  }

  CheckpointProblem.MalformedJson wrong(String key, String expected) {
    String found = members.containsKey(key) ? "is " + brief(member(key)) : "is absent";
    return new CheckpointProblem.MalformedJson(
        file, "%s%s %s, expected %s".formatted(prefix, key, found, expected));
  }

  private static String brief(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
