package dev.facet.streaming.domain.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strong entity tag (RFC 9110, 8.8.3).
 *
 * @param value with its quotes
 */
public record EntityTag(String value) {
  private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")");

  /** Tag of content named by a digest or the like. */
  public static EntityTag of(String name) {
    return new EntityTag('"' + name + '"');
  }

  /**
   * Whether If-None-Match names this tag (weak comparison), so that 304 is the answer.
   *
   * @param header null when absent
   */
  public boolean noneMatchFails(String header) {
    if (header == null) {
      return false;
    }
    if (header.strip().equals("*")) {
      return true;
    }
    Matcher tags = TAG.matcher(header);
    while (tags.find()) {
      if (tags.group(1).equals(value)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether If-Range lets a Range count: absent, or exactly this strong tag. Dates and weak tags
   * never match, since blobs have no dates.
   *
   * @param header null when absent
   */
  public boolean allowsRange(String header) {
    return header == null || header.strip().equals(value);
  }
}
