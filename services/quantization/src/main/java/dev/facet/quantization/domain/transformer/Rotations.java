package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;

/** The rotary positions of every layer. */
final class Rotations {
  private final ArchitectureConfig config;
  private final RotaryPositions full;
  private final RotaryPositions windowed;

  /**
   * @param positions most tokens of a sequence
   */
  Rotations(ArchitectureConfig config, int positions) {
    this.config = config;
    this.full = RotaryPositions.of(config, positions);
    this.windowed =
        config.traits().windowRopeTheta() == null
            ? full
            : RotaryPositions.ofWindows(config, positions);
  }

  RotaryPositions of(int layer) {
    return config.traits().window(layer) == Integer.MAX_VALUE ? full : windowed;
  }
}
