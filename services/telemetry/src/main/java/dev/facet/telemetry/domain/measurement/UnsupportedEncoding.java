package dev.facet.telemetry.domain.measurement;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A content coding that is not taken. */
public final class UnsupportedEncoding extends DomainProblem {
  public UnsupportedEncoding() {
    super(
        "unsupported-encoding",
        415,
        "Unsupported content encoding",
        "A batch is sent as it is or with Content-Encoding: gzip.",
        Map.of("accepted", "gzip"));
  }

  /** RFC 9110 section 12.5.3: says what would have been taken. */
  @Override
  public Map<String, String> headers() {
    return Map.of("Accept-Encoding", "gzip");
  }
}
