package dev.facet.capability.domain.deviceclass;

import dev.facet.capability.domain.report.WebGpu;

/**
 * A report's WebGPU adapter with the names that classes use.
 *
 * @param kind what does its arithmetic
 * @param vendor one of a closed list of names, {@code other} or {@code unknown}; empty for {@code
 *     NONE}
 * @param architecture family and generation, {@code other} or {@code unknown}; for software
 *     adapters the rasteriser's name
 */
public record Gpu(Kind kind, String vendor, String architecture) {
  /** What does an adapter's arithmetic. */
  public enum Kind {
    NONE,
    SOFTWARE,
    HARDWARE
  }

  private static final Gpu ABSENT = new Gpu(Kind.NONE, "", "");

  /**
   * Normalises an adapter.
   *
   * @param adapter null when there is none
   */
  public static Gpu of(WebGpu adapter) {
    if (adapter == null) {
      return ABSENT;
    }
    return SoftwareAdapter.detect(adapter)
        .map(software -> new Gpu(Kind.SOFTWARE, software.vendor(), software.id()))
        .orElseGet(() -> hardware(adapter));
  }

  public boolean hardware() {
    return kind == Kind.HARDWARE;
  }

  public boolean software() {
    return kind == Kind.SOFTWARE;
  }

  private static Gpu hardware(WebGpu adapter) {
    GpuVendor vendor = GpuVendor.of(adapter.vendor());
    return new Gpu(Kind.HARDWARE, vendor.id(), vendor.architecture(adapter.architecture()));
  }
}
