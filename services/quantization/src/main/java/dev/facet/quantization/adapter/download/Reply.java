package dev.facet.quantization.adapter.download;

import dev.facet.quantization.domain.source.FetchProblem;
import io.vertx.core.http.HttpClientResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The last answer of a trail of redirects; its body has not been read. */
record Reply(HttpClientResponse response, Trail trail) {
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
  private static final Pattern COUNT = Pattern.compile("\\d{1,18}");
  private static final long UNKNOWN = -1;

  int status() {
    return response.statusCode();
  }

  /** The entity tag without its quotes; null for none, or a weak one. */
  String tag() {
    String tag = trail.linkedTag() == null ? response.getHeader("ETag") : trail.linkedTag();
    if (tag == null || tag.startsWith("W/") || tag.length() > 256) {
      return null;
    }
    return tag.replace("\"", "");
  }

  /** First byte of the body in the whole file. */
  long begin() {
    return status() == 206 ? range(1) : 0;
  }

  /**
   * Bytes of the whole file; -1 if nobody says.
   *
   * @throws FetchProblem.BadAnswer where two say different things
   */
  long size() {
    long body = status() == 206 ? range(3) : count(response.getHeader("Content-Length"));
    long linked = count(trail.linkedSize());
    if (linked != UNKNOWN && body != UNKNOWN && linked != body) {
      throw bad("was announced with %d bytes, is answered with %d".formatted(linked, body));
    }
    return linked == UNKNOWN ? body : linked;
  }

  private long range(int group) {
    Matcher range = RANGE.matcher(String.valueOf(response.getHeader("Content-Range")));
    if (!range.matches()) {
      throw bad("a part without its range");
    }
    return Long.parseLong(range.group(group));
  }

  private long count(String header) {
    if (header == null) {
      return UNKNOWN;
    }
    if (!COUNT.matcher(header).matches()) {
      throw bad("a length that is no number");
    }
    return Long.parseLong(header);
  }

  private FetchProblem bad(String detail) {
    return new FetchProblem.BadAnswer(trail.url().toString(), detail);
  }

  /** Ends the connection without reading the rest; only before the end was reached. */
  void discard() {
    response.exceptionHandler(expected -> {});
    response.request().reset();
  }
}
