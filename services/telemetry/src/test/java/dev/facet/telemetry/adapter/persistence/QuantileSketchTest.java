package dev.facet.telemetry.adapter.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.telemetry.domain.aggregate.Quantiles;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantileSketchTest {
  private final List<Double> values =
      DoubleStream.generate(new Random(7)::nextGaussian)
          .map(gauss -> 40 * Math.exp(gauss))
          .limit(2000)
          .boxed()
          .toList();

  @Test
  void isAsAccurateAsItSays() {
    Quantiles quantiles = QuantileSketch.empty().add(values).quantiles();

    List<Double> sorted = values.stream().sorted().toList();
    assertThat(quantiles.p50()).isCloseTo(sorted.get(999), within(sorted.get(999) * 0.011));
    assertThat(quantiles.p95()).isCloseTo(sorted.get(1899), within(sorted.get(1899) * 0.011));
  }

  @Test
  void survivesStorage() {
    QuantileSketch sketch = QuantileSketch.empty().add(values);

    QuantileSketch read = QuantileSketch.read(sketch.bytes());

    assertThat(read.quantiles()).isEqualTo(sketch.quantiles());
    assertThat(read.count()).isEqualTo(2000);
  }

  @Test
  void mergesInAnyOrderToTheSame() {
    Quantiles whole = QuantileSketch.empty().add(values).quantiles();
    List<QuantileSketch> parts =
        IntStream.range(0, 20)
            .mapToObj(i -> stored(values.subList(i * 100, (i + 1) * 100)))
            .collect(Collectors.toList());

    QuantileSketch forwards = QuantileSketch.empty();
    parts.forEach(forwards::merge);
    QuantileSketch backwards = QuantileSketch.empty();
    for (int i = parts.size() - 1; i >= 0; i--) {
      backwards.merge(stored(values.subList(i * 100, (i + 1) * 100)));
    }

    assertThat(forwards.quantiles()).isEqualTo(whole);
    assertThat(backwards.quantiles()).isEqualTo(whole);
  }

  @Test
  void holdsTheWholeRangeThatIngestTakes() {
    QuantileSketch sketch = stored(List.of(0.0, 0.0, 0.0001, 86_400_000.0));

    assertThat(sketch.count()).isEqualTo(4);
    assertThat(sketch.median()).isZero();
    assertThat(QuantileSketch.empty().add(List.of(0.0001, 86_400_000.0)).median())
        .isCloseTo(0.0001, within(0.000002));
  }

  @Test
  void anEmptyOneNeedsNoRoom() {
    assertThat(QuantileSketch.empty().bytes()).isNull();
    assertThat(QuantileSketch.read(null).quantiles()).isNull();
    assertThat(QuantileSketch.read(null).median()).isNull();
  }

  private static QuantileSketch stored(List<Double> values) {
    return QuantileSketch.read(QuantileSketch.empty().add(values).bytes());
  }
}
