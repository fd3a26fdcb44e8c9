package dev.facet.telemetry.adapter.persistence;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import dev.facet.telemetry.domain.aggregate.Quantiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;

/**
 * Quantiles of durations within {@value #ACCURACY} of their value, mergeable in any order (Masson,
 * Rim and Lee, "DDSketch", VLDB 2019). Bins are bounded; the range that is accepted at ingest fits
 * without collapsing any.
 */
final class QuantileSketch {
  static final double ACCURACY = 0.01;
  private static final int MAX_BINS = 2048;

  private final DDSketch sketch;

  private QuantileSketch(DDSketch sketch) {
    this.sketch = sketch;
  }

  static QuantileSketch empty() {
    return new QuantileSketch(DDSketches.collapsingLowestDense(ACCURACY, MAX_BINS));
  }

  /**
   * Reads what {@link #bytes()} wrote.
   *
   * @param bytes null for an empty sketch
   */
  static QuantileSketch read(byte[] bytes) {
    if (bytes == null) {
      return empty();
    }
    try {
      return new QuantileSketch(
          DDSketch.decode(
              ByteArrayInput.wrap(bytes), () -> new CollapsingLowestDenseStore(MAX_BINS)));
    } catch (IOException e) {
      throw new UncheckedIOException("a stored sketch cannot be read", e);
    }
  }

  QuantileSketch add(Collection<Double> values) {
    values.forEach(sketch::accept);
    return this;
  }

  QuantileSketch merge(QuantileSketch other) {
    sketch.mergeWith(other.sketch);
    return this;
  }

  double count() {
    return sketch.getCount();
  }

  /** Null while empty. */
  Double median() {
    return sketch.isEmpty() ? null : sketch.getValueAtQuantile(0.5);
  }

  /** Null while empty. */
  Quantiles quantiles() {
    return sketch.isEmpty()
        ? null
        : new Quantiles(sketch.getValueAtQuantile(0.5), sketch.getValueAtQuantile(0.95));
  }

  /** Null while empty: an empty sketch needs no room. */
  byte[] bytes() {
    if (sketch.isEmpty()) {
      return null;
    }
    try {
      GrowingByteArrayOutput output = GrowingByteArrayOutput.withDefaultInitialCapacity();
      sketch.encode(output, false);
      return output.trimmedCopy();
    } catch (IOException e) {
      throw new UncheckedIOException("a sketch cannot be written to memory", e);
    }
  }
}
