package dev.facet.telemetry.adapter.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.facet.telemetry.TestConfigs;
import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.domain.session.AddressTooBusy;
import dev.facet.telemetry.domain.session.Session;
import dev.facet.telemetry.domain.session.SessionTooBusy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BucketSessionLimitsTest {
  private final BucketSessionLimits limits =
      new BucketSessionLimits(
          TestConfigs.of(
              IngestConfig.class,
              Map.of(
                  "facet.ingest.burst",
                  "100",
                  "facet.ingest.events-per-second",
                  "1",
                  "facet.ingest.address-burst",
                  "220",
                  "facet.ingest.address-events-per-second",
                  "2")));

  @Test
  void aSessionMaySendItsBurstAndNoMore() {
    Session session = new Session("s", "wasm");
    limits.admit(session, "192.0.2.1", 50);
    limits.admit(session, "192.0.2.1", 50);

    SessionTooBusy refusal =
        catchThrowableOfType(SessionTooBusy.class, () -> limits.admit(session, "192.0.2.1", 50));

    assertThat(Long.parseLong(refusal.headers().get("Retry-After"))).isBetween(48L, 51L);
  }

  @Test
  void aRefusalCostsNothing() {
    Session session = new Session("s", "wasm");
    limits.admit(session, "192.0.2.1", 90);
    catchThrowableOfType(SessionTooBusy.class, () -> limits.admit(session, "192.0.2.1", 50));

    assertThatCode(() -> limits.admit(session, "192.0.2.1", 10)).doesNotThrowAnyException();
  }

  @Test
  void sessionsDoNotShareALimit() {
    limits.admit(new Session("one", "wasm"), "192.0.2.1", 100);

    assertThatCode(() -> limits.admit(new Session("two", "wasm"), "192.0.2.1", 100))
        .doesNotThrowAnyException();
  }

  @Test
  void sessionsOfAnAddressShareItsLimit() {
    limits.admit(new Session("one", "wasm"), "192.0.2.7", 100);
    limits.admit(new Session("two", "wasm"), "192.0.2.7", 100);

    AddressTooBusy refusal =
        catchThrowableOfType(
            AddressTooBusy.class,
            () -> limits.admit(new Session("three", "wasm"), "192.0.2.7", 100));

    assertThat(Long.parseLong(refusal.headers().get("Retry-After"))).isBetween(39L, 41L);
    assertThatCode(() -> limits.admit(new Session("three", "wasm"), "192.0.2.8", 100))
        .doesNotThrowAnyException();
  }
}
