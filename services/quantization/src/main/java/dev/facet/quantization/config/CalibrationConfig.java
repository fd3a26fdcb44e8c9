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
  @WithDefault("64")
  int windows();

  /** Tokens of such a window, held within the model's context. Digests depend on it. */
  @WithDefault("256")
  int context();

  /**
   * Models of more weights stay as rounded: observing them takes the time of tens of thousands of
   * tokens, and coding them with feedback the memory of a whole tensor.
   */
  @WithDefault("300000000")
  long maxParameters();
}
