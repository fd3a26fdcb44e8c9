package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.session.Session;

/** How much a session may send. */
public interface SessionLimits {
  /**
   * Takes the events off what the session may send.
   *
   * @throws dev.facet.telemetry.domain.session.SessionTooBusy if that is not enough; nothing is
   *     taken then
   */
  void admit(Session session, int events);
}
