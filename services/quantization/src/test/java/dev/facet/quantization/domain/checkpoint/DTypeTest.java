package dev.facet.quantization.domain.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.domain.gguf.Binary16;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DTypeTest {
  @ParameterizedTest
  @CsvSource({
    "0x0000, 0x0p0",
    "0x8000, -0x0p0",
    "0x3c00, 0x1p0",
    "0xc000, -0x1p1",
    "0x7bff, 65504",
    "0x0400, 0x1p-14",
    "0x0001, 0x1p-24",
    "0x03ff, 0x1.ff8p-15",
    "0x3555, 0x1.554p-2",
    "0x7c00, Infinity",
    "0xfc00, -Infinity"
  })
  void halvesAreConvertedExactly(String bits, String value) {
    // Given
    short half = Integer.decode(bits).shortValue();

    // When
    float converted = Binary16.toFloat(half);

    // Then
    assertThat(converted).isEqualTo(Float.parseFloat(value));
  }

  @Test
  void halfNanStaysNan() {
    assertThat(Binary16.toFloat((short) 0x7e00)).isNaN();
  }
}
