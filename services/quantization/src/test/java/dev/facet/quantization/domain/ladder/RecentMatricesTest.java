package dev.facet.quantization.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import org.junit.jupiter.api.Test;

class RecentMatricesTest {
  private static final int WIDTH = 32;

  private static EmbeddedMatrix matrix(int rows) {
    return new EmbeddedEncoder(Kernels.quantization(), Workers.caller())
        .encode(new float[rows * WIDTH], rows, WIDTH, CodeSettings.forAnchor(2));
  }

  @Test
  void theOneNotAskedForLongestGoesFirst() {
    RecentMatrices recent = new RecentMatrices(3 * WIDTH);
    recent.put("a", matrix(1));
    recent.put("b", matrix(1));
    recent.put("c", matrix(1));
    recent.get("a");

    recent.put("d", matrix(1));

    assertThat(recent.get("b")).isNull();
    assertThat(recent.get("a")).isNotNull();
    assertThat(recent.get("c")).isNotNull();
    assertThat(recent.get("d")).isNotNull();
  }

  @Test
  void theLastStaysWhateverItsSize() {
    RecentMatrices recent = new RecentMatrices(WIDTH);
    recent.put("a", matrix(1));

    recent.put("large", matrix(9));

    assertThat(recent.get("a")).isNull();
    assertThat(recent.get("large")).isNotNull();
  }

  @Test
  void whatIsPutAgainCountsOnce() {
    RecentMatrices recent = new RecentMatrices(2 * WIDTH);
    recent.put("a", matrix(1));
    recent.put("a", matrix(1));
    recent.put("b", matrix(1));

    assertThat(recent.get("a")).isNotNull();
    assertThat(recent.get("b")).isNotNull();
  }
}
