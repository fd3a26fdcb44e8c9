package dev.facet.telemetry.domain.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.ClientMetricsReported.Failure;
import dev.facet.kernel.event.ClientMetricsReported.Generation;
import dev.facet.kernel.event.ClientMetricsReported.Load;
import dev.facet.kernel.event.ClientMetricsReported.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");

  private final Windows windows = new Windows(Duration.ofMinutes(10));

  @Test
  void aWindowBeginsWithItsFirstInstant() {
    assertThat(windows.startOf(TEN)).isEqualTo(TEN);
    assertThat(windows.startOf(TEN.plusSeconds(600).minusNanos(1))).isEqualTo(TEN);
    assertThat(windows.startOf(TEN.plusSeconds(600))).isEqualTo(TEN.plusSeconds(600));
    assertThat(windows.startOf(Instant.ofEpochSecond(-1))).isEqualTo(Instant.ofEpochSecond(-600));
  }

  @Test
  void aWindowMustLast() {
    assertThatThrownBy(() -> new Windows(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void foldsByPointAndWindow() {
    ClientMetricsReported report =
        report(
            List.of(new Load(source("a", 0, "full-4", false), 1000, 50, 80, 0)),
            List.of(
                generation(source("b", 10, "full-4", false), 30.0),
                generation(source("c", 700, "full-4", false), 40.0)),
            List.of(new Failure(source("d", 20, null, false), "network", "plan")));

    SortedMap<CellKey, CellChange> changes = windows.fold(report, Set.of("a", "b", "c", "d"));

    assertThat(changes.keySet())
        .containsExactly(
            key("full-4", TEN), key("full-4", TEN.plusSeconds(600)), key(CellKey.UNPLANNED, TEN));
    CellChange first = changes.get(key("full-4", TEN));
    assertThat(first.events()).isEqualTo(2);
    assertThat(first.loads()).isEqualTo(1);
    assertThat(first.tokens()).isEqualTo(20);
    assertThat(first.decodeMs()).containsExactly(30.0);
    assertThat(first.votes()).containsExactly(30.0);
    assertThat(first.firstTokenMs()).containsExactly(90.0);
    assertThat(first.readyMs()).containsExactly(80.0);
    assertThat(first.lastAt()).isEqualTo(TEN.plusSeconds(10));
    assertThat(changes.get(key(CellKey.UNPLANNED, TEN)).failures()).isEqualTo(1);
  }

  @Test
  void pinnedPlansAreMeasuredButDoNotVote() {
    CellChange change =
        windows
            .fold(
                report(
                    List.of(),
                    List.of(generation(source("a", 0, "full-4", true), 30.0)),
                    List.of()),
                Set.of("a"))
            .get(key("full-4", TEN));

    assertThat(change.decodeMs()).containsExactly(30.0);
    assertThat(change.votes()).isEmpty();
  }

  @Test
  void aGenerationWithoutATimePerTokenHasNoVote() {
    CellChange change =
        windows
            .fold(
                report(
                    List.of(),
                    List.of(generation(source("a", 0, "full-4", false), null)),
                    List.of()),
                Set.of("a"))
            .get(key("full-4", TEN));

    assertThat(change.generations()).isEqualTo(1);
    assertThat(change.votes()).isEmpty();
  }

  @Test
  void leavesOutWhatHasBeenCountedAndWhatIsThereTwice() {
    ClientMetricsReported report =
        report(
            List.of(),
            List.of(
                generation(source("a", 0, "full-4", false), 30.0),
                generation(source("b", 1, "full-4", false), 31.0),
                generation(source("b", 2, "full-4", false), 32.0)),
            List.of());

    CellChange change = windows.fold(report, Set.of("b")).get(key("full-4", TEN));

    assertThat(change.decodeMs()).containsExactly(31.0);
    assertThat(windows.fold(report, Set.of())).isEmpty();
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
