package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.catalogue.KernelSet;
import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.report.CapabilityReport;

/** Chooses the number of WebAssembly threads. */
final class ThreadRule {
  /** Memory bandwidth is shared: more threads than this slow decoding down on common devices. */
  private static final int MOST = 8;

  private ThreadRule() {}

  static Choice<Integer> choose(CapabilityReport report, KernelSet kernels, Backend backend) {
    int threads = usable(report, kernels, backend) ? Math.min(report.cores(), MOST) : 1;
    String because = because(report, kernels, backend, threads);
    return new Choice<>(
        threads,
        new Reason("threads", Integer.toString(threads), because, threads > 1 ? "1" : null));
  }

  private static boolean usable(CapabilityReport report, KernelSet kernels, Backend backend) {
    return backend == Backend.WASM && kernels.threaded() && report.canUseThreads();
  }

  private static String because(
      CapabilityReport report, KernelSet kernels, Backend backend, int threads) {
    if (backend == Backend.WEBGPU) {
      return "The GPU does the arithmetic; one worker feeds it.";
    }
    if (threads > 1) {
      return "The device has %d cores; beyond %d threads memory is the limit."
          .formatted(report.cores(), MOST);
    }
    if (!kernels.threaded()) {
      return "The published WebAssembly kernels run on one thread.";
    }
    return report.crossOriginIsolated()
        ? "This browser has no WebAssembly threads or a single core."
        : "The page is not cross-origin isolated, and WebAssembly threads need that.";
  }
}
