package dev.facet.streaming.domain.http;

/**
 * A run of bytes.
 *
 * @param first position of the first byte
 * @param last position of the last byte, not before the first
 */
public record ByteRange(long first, long last) {
  public ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("no byte range: " + first + " to " + last);
    }
  }

  /** All of a blob that is not empty. */
  public static ByteRange whole(long length) {
    return new ByteRange(0, length - 1);
  }

  public long length() {
    return last - first + 1;
  }

  /** Value of {@code Content-Range} for a blob of that length. */
  public String contentRange(long length) {
    return "bytes " + first + '-' + last + '/' + length;
  }

  boolean touches(ByteRange next) {
    return next.first <= last + 1;
  }

  ByteRange joined(ByteRange next) {
    return new ByteRange(first, Math.max(last, next.last));
  }
}
