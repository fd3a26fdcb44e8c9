package dev.facet.streaming.domain.http;

import java.util.Arrays;

/** What Accept-Encoding allows (RFC 9110, 12.5.3). */
public final class AcceptedEncodings {
  private AcceptedEncodings() {}

  /**
   * Whether a header names gzip and does not refuse it.
   *
   * @param header null when absent
   */
  public static boolean gzip(String header) {
    return header != null
        && Arrays.stream(header.split(",")).map(String::strip).anyMatch(AcceptedEncodings::gzipOf);
  }

  private static boolean gzipOf(String coding) {
    String[] parts = coding.split(";", 2);
    boolean refused = parts.length == 2 && parts[1].strip().matches("q=0(\\.0*)?");
    return parts[0].strip().equalsIgnoreCase("gzip") && !refused;
  }
}
