package dev.facet.telemetry.domain.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.ClientMetricsReported.Failure;
import dev.facet.kernel.event.ClientMetricsReported.Generation;
import dev.facet.kernel.event.ClientMetricsReported.Load;
import dev.facet.kernel.event.ClientMetricsReported.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
  private static final String A = UUID.randomUUID().toString();
  private static final String B = UUID.randomUUID().toString();
  private static final String C = UUID.randomUUID().toString();
  private static final String D = UUID.randomUUID().toString();

  private final CountedEvents counted = new CountedEvents();
  private final Tally tally =
      new Tally(new Windows(Duration.ofMinutes(10)), counted, TEN.minusSeconds(60));

  @Test
  void foldsByPointAndWindow() {
    ClientMetricsReported report =
        report(
            List.of(new Load(source(A, 0, "full-4", false), 1000, 50, 80, 0)),
            List.of(
                generation(source(B, 10, "full-4", false), 30.0),
                generation(source(C, 700, "full-4", false), 40.0)),
            List.of(new Failure(source(D, 20, null, false), "network", "plan")));

    tally.add(report);
    SortedMap<CellKey, CellChange> changes = tally.cells();

    assertThat(changes.keySet())
        .containsExactly(
            key("full-4", TEN), key("full-4", TEN.plusSeconds(600)), key(CellKey.UNPLANNED, TEN));
    CellChange first = changes.get(key("full-4", TEN));
    assertThat(first.events()).isEqualTo(2);
    assertThat(first.loads()).isEqualTo(1);
    assertThat(first.tokens()).isEqualTo(20);
    assertThat(first.decodeMs()).containsExactly(30.0);
    assertThat(first.firstTokenMs()).containsExactly(90.0);
    assertThat(first.readyMs()).containsExactly(80.0);
    assertThat(first.sessions().get("session").votes()).containsExactly(30.0);
    assertThat(first.sessions().get("session").lastAt()).isEqualTo(TEN.plusSeconds(10));
    assertThat(first.measures().values().get("prefill-ms")).containsExactly(4.0);
    assertThat(first.measures().sums()).containsEntry("bytes", 1000.0);
    assertThat(changes.get(key(CellKey.UNPLANNED, TEN)).failures()).isEqualTo(1);
  }

  @Test
  void pinnedPlansAreMeasuredButDoNotVote() {
    CellChange change =
        only(report(List.of(), List.of(generation(source(A, 0, "full-4", true), 30.0)), List.of()));

    assertThat(change.decodeMs()).containsExactly(30.0);
    assertThat(change.sessions().get("session").votes()).isEmpty();
  }

  @Test
  void aGenerationWithoutATimePerTokenHasNoVote() {
    CellChange change =
        only(
            report(List.of(), List.of(generation(source(A, 0, "full-4", false), null)), List.of()));

    assertThat(change.generations()).isEqualTo(1);
    assertThat(change.sessions().get("session").votes()).isEmpty();
  }

  @Test
  void leavesOutWhatHasBeenCountedAndWhatIsThereTwice() {
    ClientMetricsReported report =
        report(
            List.of(),
            List.of(
                generation(source(A, 0, "full-4", false), 30.0),
                generation(source(B, 1, "full-4", false), 31.0),
                generation(source(B, 2, "full-4", false), 32.0)),
            List.of());

    counted.remember("session", UUID.fromString(A));
    CellChange change = only(report);

    assertThat(change.decodeMs()).containsExactly(31.0);
    assertThat(tally.events()).isEqualTo(1);
    assertThat(tally.duplicates()).isEqualTo(2);
    assertThat(counted.added().get("session")).containsExactly(UUID.fromString(B));
  }

  /** A browser could make up codes without end. */
  @Test
  void failuresAreCountedByCodesThatAreKnown() {
    tally.add(
        report(
            List.of(),
            List.of(),
            List.of(
                new Failure(source(A, 0, "full-4", false), "out-of-memory", "load"),
                new Failure(source(B, 0, "full-4", false), "made-up", "load"))));

    assertThat(tally.cells().get(key("full-4", TEN)).measures().sums())
        .containsExactly(entry("failure.other", 1.0), entry("failure.out-of-memory", 1.0));
  }

  @Test
  void leavesOutWhatIsTooOld() {
    tally.add(
        report(List.of(), List.of(generation(source(A, -61, "full-4", false), 1.0)), List.of()));

    assertThat(tally.late()).isEqualTo(1);
    assertThat(tally.cells()).isEmpty();
  }

  private CellChange only(ClientMetricsReported report) {
    tally.add(report);
    return tally.cells().get(key("full-4", TEN));
  }

  private static CellKey key(String point, Instant start) {
    return new CellKey("docs-29m", "wasm.chromium", point, start);
  }

  private static Source source(String id, int second, String point, boolean pinned) {
    return new Source(id, TEN.plusSeconds(second), null, null, point, "wasm", pinned);
  }

  private static Generation generation(Source source, Double decodeMs) {
    return new Generation(source, 5, 20, 90.0, 4.0, decodeMs, false);
  }

  private static ClientMetricsReported report(
      List<Load> loads, List<Generation> generations, List<Failure> failures) {
    return new ClientMetricsReported(
        "session", "docs-29m", "wasm.chromium", TEN, loads, generations, failures);
  }
}
