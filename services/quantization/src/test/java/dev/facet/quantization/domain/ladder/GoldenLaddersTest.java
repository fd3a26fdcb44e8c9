package dev.facet.quantization.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ladders that the browser's runtime is checked with are those that an import makes. */
class GoldenLaddersTest {
  static Iterable<String> families() {
    return GoldenLadders.FAMILIES;
  }

  @ParameterizedTest
  @MethodSource("families")
  void laddersAreMadeAsBefore(String family) throws IOException {
    GoldenLadders made = GoldenLadders.of(family);

    assertThat(made.index()).isEqualTo(Files.readString(made.indexFile()));
    assertThat(made.shards()).isEqualTo(Files.readAllBytes(made.shardsFile()));
  }
}
