package dev.facet.quantization.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.kernel.Workers;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void theMadeUpDecoderIsCodedAndMeasured() {
    // When
    Evaluation found = new Rehearsal(Workers.caller()).run();

    // Then
    assertThat(found.tokens()).isEqualTo(2 * 255);
    assertThat(found.meanKl()).isBetween(1e-6, 0.5);
  }
}
