package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.capability.domain.report.Engine;
import java.util.OptionalLong;

/**
 * Bytes that a page may take on a device before the system ends it.
 *
 * @param because where the figure comes from
 */
record MemoryBudget(long bytes, String because) {
  /**
   * iOS ends a page at about 1.5 GB, GPU buffers included; phones elsewhere are no more generous.
   */
  private static final long HANDHELD = 1_000_000_000L;

  private static final long UNTOLD = 2L << 30;

  /** WebAssembly memories of 32 bits end at 4 GiB; stacks and heap lie in the same space. */
  private static final long WASM32 = 3840L << 20;

  private static final double GIB = 1L << 30;

  static MemoryBudget of(CapabilityReport report, Backend backend) {
    MemoryBudget budget = ofPlatform(report);
    if (backend == Backend.WASM && budget.bytes > WASM32) {
      return new MemoryBudget(
          WASM32, "WebAssembly can address 4 GiB at most, of which some is kept for the program.");
    }
    return budget;
  }

  /** The same, held to what a request allows. */
  MemoryBudget within(OptionalLong asked) {
    return asked.isPresent() && asked.getAsLong() < bytes
        ? new MemoryBudget(asked.getAsLong(), "The request allows no more.")
        : this;
  }

  private static MemoryBudget ofPlatform(CapabilityReport report) {
    Engine engine = report.engine();
    long half = half(report);
    if (engine.mobile() || engine.family() == Engine.Family.WEBKIT) {
      return new MemoryBudget(
          Math.min(HANDHELD, half),
          "Phones, tablets and WebKit end a page without warning when it grows past roughly 1.5 GB, so 1 GB is"
              + " planned at most.");
    }
    if (report.memoryGiB().isEmpty()) {
      return new MemoryBudget(
          UNTOLD,
          "This browser does not tell how much memory the device has, so 2 GiB is assumed safe.");
    }
    return new MemoryBudget(
        half,
        "The browser reports %s GiB of memory; half of it is left to the system and other pages."
            .formatted(trimmed(report.deviceMemoryGiB())));
  }

  private static long half(CapabilityReport report) {
    Double gib = report.deviceMemoryGiB();
    return gib == null ? Long.MAX_VALUE : Math.round(gib * GIB / 2);
  }

  private static String trimmed(double gib) {
    return gib == Math.rint(gib) ? Long.toString((long) gib) : Double.toString(gib);
  }

  Reason reason(long needed) {
    String uses =
        "The plan uses %s of %s.".formatted(ByteSize.words(needed), ByteSize.words(bytes));
    return new Reason("memory", Long.toString(bytes), because + ' ' + uses, null);
  }
}
