package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.session.Session;

/** How much a session, and all sessions of an address, may send. */
public interface SessionLimits {
  /**
   * Takes the events off what the session and the address may send.
   *
   * @param address where the request comes from
   * @throws dev.facet.telemetry.domain.session.AddressTooBusy if the address has no more to send
   * @throws dev.facet.telemetry.domain.session.SessionTooBusy if that has no more to send
   */
  void admit(Session session, String address, int events);
}
