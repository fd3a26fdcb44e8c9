package dev.facet.quantization.adapter.upload;

import dev.facet.quantization.domain.source.UploadProblem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Headers of the tus protocol.
 *
 * @see <a href="https://tus.io/protocols/resumable-upload">tus 1.0.0</a>
 */
final class TusHeaders {
  static final String VERSION = "1.0.0";
  static final String RESUMABLE = "Tus-Resumable";
  static final String LENGTH = "Upload-Length";
  static final String OFFSET = "Upload-Offset";
  static final String METADATA = "Upload-Metadata";
  static final String CHECKSUM = "Upload-Checksum";
  static final String EXPIRES = "Upload-Expires";
  static final String CHUNK_TYPE = "application/offset+octet-stream";

  private static final Pattern COUNT = Pattern.compile("\\d{1,18}");
  private static final Pattern KEY = Pattern.compile("[!-+\\--~]{1,64}");
  private static final int LONGEST_METADATA = 4096;

  private TusHeaders() {}

  static void requireVersion(String found) {
    if (!VERSION.equals(found)) {
      throw new UploadProblem.OtherVersion(found == null ? "missing" : found);
    }
  }

  static long count(String header, String value) {
    if (value == null || !COUNT.matcher(value).matches()) {
      throw new UploadProblem.BadHeader(header, "must be a number of bytes");
    }
    return Long.parseLong(value);
  }

  /** Pairs of key and base64 value, separated by commas. */
  static Map<String, String> metadata(String header) {
    Map<String, String> pairs = new HashMap<>();
    if (header == null || header.isBlank()) {
      return pairs;
    }
    if (header.length() > LONGEST_METADATA) {
      throw malformedMetadata();
    }
    for (String pair : header.split(",", -1)) {
      String[] parts = pair.trim().split(" ", 2);
      String before =
          KEY.matcher(parts[0]).matches()
              ? pairs.put(parts[0], decoded(parts.length == 2 ? parts[1] : ""))
              : "";
      if (before != null) {
        throw malformedMetadata();
      }
    }
    return pairs;
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64.trim()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformedMetadata();
    }
  }

  private static UploadProblem malformedMetadata() {
    return new UploadProblem.BadHeader(
        METADATA,
        "must be distinct keys with base64 values, such as \"filename bW9kZWwuZ2d1Zg==\"");
  }
}
