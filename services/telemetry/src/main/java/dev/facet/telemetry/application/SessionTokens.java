package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.session.Session;

/** Verifies session tokens. */
public interface SessionTokens {
  /**
   * The session that a token proves.
   *
   * @param token null where none was sent
   * @throws dev.facet.telemetry.domain.session.SessionRefused if it is missing, expired or not ours
   */
  Session verify(String token);
}
