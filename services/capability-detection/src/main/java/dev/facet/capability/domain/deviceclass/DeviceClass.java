package dev.facet.capability.domain.deviceclass;

import java.util.Optional;

/**
 * A bucket of devices that measure alike.
 *
 * @param name for example {@code wasm-mt.chromium.8g} or {@code
 *     webgpu-nvidia-ampere-f16-sg.chromium.8g}; letters, digits, dots and hyphens
 * @param description the same in a sentence
 * @param preferred backend that plans prefer; null when the device can run neither
 */
public record DeviceClass(String name, String description, Backend preferred) {
  /** Backend that plans prefer, if the device can run any. */
  public Optional<Backend> backend() {
    return Optional.ofNullable(preferred);
  }
}
