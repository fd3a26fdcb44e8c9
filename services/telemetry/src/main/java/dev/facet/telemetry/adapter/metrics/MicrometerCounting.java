package dev.facet.telemetry.adapter.metrics;

import dev.facet.telemetry.application.CountingMeter;
import dev.facet.telemetry.domain.aggregate.CellChange;
import dev.facet.telemetry.domain.aggregate.CellKey;
import dev.facet.telemetry.domain.aggregate.Tally;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/**
 * What browsers measured, as meters of this replica. Labels are the model, the device class and the
 * point: all three come from closed sets.
 */
@ApplicationScoped
class MicrometerCounting implements CountingMeter {
  private static final String PREFIX = "facet.client.";

  private static final double[] BUCKETS_MS = {
    2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000
  };

  private final MeterRegistry registry;
  private final Counter counted;
  private final Counter duplicates;
  private final Counter late;
  private final DistributionSummary stretch;
  private final Timer delay;

  MicrometerCounting(MeterRegistry registry) {
    this.registry = registry;
    this.counted = registry.counter("facet.telemetry.events", "outcome", "counted");
    this.duplicates = registry.counter("facet.telemetry.events", "outcome", "duplicate");
    this.late = registry.counter("facet.telemetry.events", "outcome", "late");
    this.delay = registry.timer("facet.telemetry.delay");
    this.stretch = registry.summary("facet.telemetry.transaction.events");
  }

  @Override
  public void counted(Tally tally, Duration delay) {
    this.delay.record(delay);
    counted.increment(tally.events());
    duplicates.increment(tally.duplicates());
    late.increment(tally.late());
    stretch.record(tally.events());
    tally.cells().forEach(this::cell);
  }

  private void cell(CellKey key, CellChange change) {
    String[] labels = {
      "model", key.model(), "device_class", key.deviceClass(), "point", key.point()
    };
    registry.counter(PREFIX + "loads", labels).increment(change.loads());
    registry.counter(PREFIX + "generations", labels).increment(change.generations());
    registry.counter(PREFIX + "failures", labels).increment(change.failures());
    registry.counter(PREFIX + "tokens", labels).increment(change.tokens());
    record("decode.ms.per.token", labels, change.decodeMs());
    record("first.token.ms", labels, change.firstTokenMs());
    record("ready.ms", labels, change.readyMs());
  }

  private void record(String name, String[] labels, List<Double> values) {
    if (!values.isEmpty()) {
      DistributionSummary summary =
          DistributionSummary.builder(PREFIX + name)
              .tags(labels)
              .serviceLevelObjectives(BUCKETS_MS)
              .register(registry);
      values.forEach(summary::record);
    }
  }
}
