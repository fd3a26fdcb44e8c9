package dev.facet.telemetry.domain.aggregate;

import dev.facet.kernel.event.ClientMetricsReported.Failure;
import dev.facet.kernel.event.ClientMetricsReported.Generation;
import dev.facet.kernel.event.ClientMetricsReported.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Measures of a cell by name, as docs/telemetry.md lists them: sums, and values for quantiles. */
public final class Measures {
  /** Codes of the browser client (errors.ts); any other is counted as {@code other}. */
  private static final Set<String> CODES =
      Set.of(
          "insecure-context",
          "no-wasm-simd",
          "no-backend",
          "network",
          "service-problem",
          "nothing-fits",
          "session-expired",
          "manifest-invalid",
          "manifest-signature",
          "integrity",
          "stream-malformed",
          "kernel-invalid",
          "tokenizer-invalid",
          "component-invalid",
          "out-of-memory",
          "device-lost",
          "numeric-failure",
          "internal");

  private final SortedMap<String, Double> sums = new TreeMap<>();
  private final SortedMap<String, List<Double>> values = new TreeMap<>();

  void add(Load load) {
    sum("bytes", load.bytes());
    sum("cache-hits", load.cacheHits());
    value("download-ms", load.downloadMs());
  }

  void add(Generation generation) {
    sum("prompt-tokens", generation.promptTokens());
    sum("cancelled", generation.cancelled() ? 1 : 0);
    if (generation.prefillMsPerToken() != null) {
      value("prefill-ms", generation.prefillMsPerToken());
    }
  }

  void add(Failure failure) {
    sum("failure." + (CODES.contains(failure.code()) ? failure.code() : "other"), 1);
  }

  private void sum(String measure, double amount) {
    if (amount != 0) {
      sums.merge(measure, amount, Double::sum);
    }
  }

  private void value(String measure, double amount) {
    values.computeIfAbsent(measure, absent -> new ArrayList<>()).add(amount);
  }

  /** Amounts that are only added up. */
  public SortedMap<String, Double> sums() {
    return sums;
  }

  /** Amounts whose quantiles are kept. */
  public SortedMap<String, List<Double>> values() {
    return values;
  }
}
