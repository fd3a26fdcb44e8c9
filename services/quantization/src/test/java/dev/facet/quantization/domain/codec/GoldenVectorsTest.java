package dev.facet.quantization.domain.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class GoldenVectorsTest {
  @Test
  void encoderReproducesThePublishedVectors() throws Exception {
    // Given
    String published = Files.readString(GoldenVectors.FILE);

    // When
    String made = new GoldenVectors().text();

    // Then
    assertThat(made).isEqualTo(published);
  }
}
