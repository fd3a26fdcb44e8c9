package dev.facet.telemetry.domain.session;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A batch without a session token that holds. */
public final class SessionRefused extends DomainProblem {
  private static final String REMEDY = "Register with POST /v1/profiles and send its session.";

  /**
   * @param cause what is wrong with the token, as a sentence
   */
  public SessionRefused(String cause) {
    super(
        "session-refused",
        401,
        "Session refused",
        cause + " " + REMEDY,
        Map.of("pointer", "#/session", "remedy", REMEDY));
  }

  /** RFC 9110 asks for a challenge with every 401; the token travels in the body. */
  @Override
  public Map<String, String> headers() {
    return Map.of("WWW-Authenticate", "Facet-Session");
  }
}
