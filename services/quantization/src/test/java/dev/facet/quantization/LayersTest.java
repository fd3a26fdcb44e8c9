package dev.facet.quantization;

import dev.facet.kernel.testing.LayerRules;
import org.junit.jupiter.api.Test;

class LayersTest {
  @Test
  void dependenciesPointInwards() {
    LayerRules.check("dev.facet.quantization");
  }
}
