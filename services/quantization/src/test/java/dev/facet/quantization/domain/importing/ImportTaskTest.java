package dev.facet.quantization.domain.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ImportTaskTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final ImportTask OFFERED =
      ImportTask.offered(
          UUID.randomUUID(),
          new ModelId("tiny"),
          TaskKey.coding(ImportStep.ROUNDING, "full", "dense"),
          1,
          START);

  @Test
  void isHeldByOneWorkerWhileItsLeaseRuns() {
    ImportTask held = OFFERED.claim("a", START, LEASE).orElseThrow();

    assertThat(held.worker()).isEqualTo("a");
    assertThat(held.attempt()).isEqualTo(1);
    assertThat(held.claim("b", START.plus(LEASE).minusMillis(1), LEASE)).isEmpty();
  }

  @Test
  void isTakenOverWithAnotherTokenWhenTheLeaseHasRunOut() {
    ImportTask held = OFFERED.claim("a", START, LEASE).orElseThrow();

    ImportTask taken = held.claim("b", START.plus(LEASE), LEASE).orElseThrow();

    assertThat(taken.worker()).isEqualTo("b");
    assertThat(taken.attempt()).isEqualTo(2);
    assertThat(taken.leaseUntil()).isEqualTo(START.plus(LEASE).plus(LEASE));
  }

  @Test
  void isNotTakenOverWhileItIsRenewed() {
    ImportTask held = OFFERED.claim("a", START, LEASE).orElseThrow();
    ImportTask renewed = held.leasedUntil(START.plusSeconds(50));

    assertThat(renewed.attempt()).isEqualTo(held.attempt());
    assertThat(renewed.claim("b", START.plusSeconds(49), LEASE)).isEmpty();
  }

  @Test
  void cannotBeClaimedWhileBlockedOrWhenDone() {
    ImportTask blocked =
        ImportTask.blocked(
            OFFERED.importId(), OFFERED.model(), TaskKey.of(ImportStep.FIRST_EDITION), 1);
    ImportTask done = OFFERED.claim("a", START, LEASE).orElseThrow().finish();

    assertThat(blocked.claim("a", START, LEASE)).isEmpty();
    assertThat(done.claim("b", START.plusSeconds(3600), LEASE)).isEmpty();
    assertThat(blocked.unblock(START).claim("a", START, LEASE)).isPresent();
  }

  @Test
  void endsOnlyInAWorkersHands() {
    assertThatThrownBy(OFFERED::finish).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> OFFERED.unblock(START)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void isOfferedAgainOnceAfterItsWorkerHasGone() {
    ImportTask held = OFFERED.claim("a", START, LEASE).orElseThrow();
    Instant later = START.plus(LEASE).plusSeconds(1);

    assertThat(held.needsNewOffer(START.plusSeconds(29))).isFalse();
    assertThat(held.needsNewOffer(later)).isTrue();
    assertThat(held.offeredAgain(later).needsNewOffer(later.plusSeconds(60))).isFalse();
  }

  @Test
  void aSlowWorkerMayStillEndWhatNobodyTookOver() {
    ImportTask held = OFFERED.claim("a", START, LEASE).orElseThrow();
    ImportTask offered = held.offeredAgain(START.plusSeconds(60));

    assertThat(offered.state()).isEqualTo(held.state());
    assertThat(offered.attempt()).isEqualTo(held.attempt());
  }

  @Test
  void isOverlookedWhenNobodyTakesItForLong() {
    Duration patience = Duration.ofSeconds(10);

    assertThat(OFFERED.overlooked(START.plusSeconds(9), patience)).isFalse();
    assertThat(OFFERED.overlooked(START.plusSeconds(11), patience)).isTrue();
    assertThat(
            OFFERED
                .claim("a", START, LEASE)
                .orElseThrow()
                .overlooked(START.plusSeconds(11), patience))
        .isFalse();
  }
}
