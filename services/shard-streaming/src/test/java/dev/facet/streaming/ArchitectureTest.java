package dev.facet.streaming;

import dev.facet.kernel.testing.LayerRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void layersKnowOnlyWhatTheyMay() {
    LayerRules.check("dev.facet.streaming");
  }
}
