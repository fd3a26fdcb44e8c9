package dev.facet.quantization.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How a published model is improved with what its layers are given on a text. */
@ConfigMapping(prefix = "facet.calibration")
public interface CalibrationConfig {
  /** Whether models are calibrated once they are published; if not they stay as rounded. */
  @WithDefault("true")
  boolean enabled();

  /** Windows of text that the layers' inputs are observed on. Digests depend on it. */
  @WithDefault("48")
  int windows();

  /** Tokens of such a window, held within the model's context. Digests depend on it. */
  @WithDefault("256")
  int context();

  /**
   * Models of more weights stay as rounded: observing takes the time of tens of thousands of
   * tokens, some hours on two cores at this size. So do those with a matrix so wide that the heap
   * does not hold what its error feedback needs.
   */
  @WithDefault("1500000000")
  long maxParameters();
}
