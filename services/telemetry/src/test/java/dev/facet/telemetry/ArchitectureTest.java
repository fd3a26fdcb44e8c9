package dev.facet.telemetry;

import dev.facet.kernel.testing.LayerRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void layersHold() {
    LayerRules.check("dev.facet.telemetry");
  }
}
