package dev.facet.quantization.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** How points are measured before they are published. */
@ConfigMapping(prefix = "facet.validation")
public interface ValidationConfig {
  /**
   * Held-out text for imports that bring none; without any text points are published unmeasured.
   */
  Optional<Path> text();

  /**
   * Windows of text that points of the first edition are measured on: few, for it is waited for.
   */
  @WithDefault("2")
  int windows();

  /** The same for the last edition. */
  @WithDefault("8")
  int finalWindows();

  /** Tokens of a window, held within the model's context. */
  @WithDefault("256")
  int context();

  /** Whether points that pass no gate are refused; if not they are published with a label. */
  @WithDefault("true")
  boolean refuse();

  /**
   * Models of more weights are published unmeasured: at this size the first edition's points take
   * about a quarter of an hour on two cores.
   */
  @WithDefault("4000000000")
  long maxParameters();
}
