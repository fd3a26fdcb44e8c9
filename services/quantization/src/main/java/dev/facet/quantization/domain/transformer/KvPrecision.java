package dev.facet.quantization.domain.transformer;

/**
 * Bits of cached keys and values (docs/kv-cache.md). The first {@value #SINKS} tokens and the last
 * {@value #RECENT} at least stay as they are; the others are coded {@value #GROUP} tokens at a time
 * once all of them are older.
 *
 * @param keys 2 to 8, a key's channel over the tokens of a group sharing scale and least value
 * @param values 2 to 8, {@value #VALUE_GROUP} channels of a token's head sharing them
 */
public record KvPrecision(int keys, int values) {
  static final int SINKS = 4;
  static final int RECENT = 64;
  static final int GROUP = 32;
  static final int VALUE_GROUP = 64;

  private static final int LEAST = 2;
  private static final int MOST = 8;

  public KvPrecision {
    if (Math.min(keys, values) < LEAST || Math.max(keys, values) > MOST) {
      throw new IllegalArgumentException("keys and values take 2 to 8 bits");
    }
  }

  /** End of the tokens that a query at {@code position} finds coded; they begin after the sinks. */
  static int codedEnd(int position) {
    int old = position + 1 - RECENT - SINKS;
    return SINKS + Math.max(0, old) / GROUP * GROUP;
  }
}
