package dev.facet.capability.domain.plan;

import java.util.List;
import java.util.Locale;

/**
 * Number formats of the cache of keys and values (docs/kv-cache.md).
 *
 * @param keys {@code f32}, or {@code q2}, {@code q3}, {@code q4}, {@code q8}
 * @param values the same; both are {@code f32} or neither is
 * @param window recent tokens that stay as they are; null where all do
 */
public record CachePrecision(String keys, String values, Integer window) {
  private static final String FLOAT = "f32";
  private static final int WINDOW = 128;

  static final CachePrecision FLOAT32 = new CachePrecision(FLOAT, FLOAT, null);

  /** What a plan may take of itself where memory is short, most precise first. */
  static final List<CachePrecision> AUTOMATIC = List.of(FLOAT32, coded(8, 8), coded(4, 4));

  /** What is taken rather than nothing. */
  static final List<CachePrecision> LAST_RESORT = List.of(coded(3, 3), coded(2, 2));

  static CachePrecision coded(int keyBits, int valueBits) {
    return new CachePrecision("q" + keyBits, "q" + valueBits, WINDOW);
  }

  /**
   * @param text a format, or two of them for keys and values with a comma between
   * @throws IllegalArgumentException if it is none of those above
   */
  public static CachePrecision parse(String text) {
    String[] formats = text.split(",", -1);
    if (formats.length > 2 || !text.matches("f32(,f32)?|q[2348](,q[2348])?")) {
      throw new IllegalArgumentException(text + " is no precision of a cache");
    }
    return formats[0].equals(FLOAT)
        ? FLOAT32
        : coded(bits(formats[0]), bits(formats[formats.length - 1]));
  }

  private static int bits(String format) {
    return format.charAt(1) - '0';
  }

  /** Whether keys and values are kept in codes. */
  boolean coded() {
    return window != null;
  }

  int keyBits() {
    return coded() ? bits(keys) : Float.SIZE;
  }

  int valueBits() {
    return coded() ? bits(values) : Float.SIZE;
  }

  /** As a pin writes it. */
  @Override
  public String toString() {
    return keys.equals(values) ? keys : String.format(Locale.ROOT, "%s,%s", keys, values);
  }
}
