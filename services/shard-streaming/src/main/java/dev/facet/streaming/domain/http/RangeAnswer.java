package dev.facet.streaming.domain.http;

/** What a Range header asks of a blob. */
public sealed interface RangeAnswer {
  /** All of it (200): no range, one that is malformed, or several that do not join. */
  record Whole() implements RangeAnswer {}

  /** One run of bytes (206). */
  record Part(ByteRange range) implements RangeAnswer {}

  /** Nothing of the blob lies in the range (416). */
  record Unsatisfiable() implements RangeAnswer {}
}
