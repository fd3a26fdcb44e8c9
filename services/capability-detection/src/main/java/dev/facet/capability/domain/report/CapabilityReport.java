package dev.facet.capability.domain.report;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The lasting part of a capability report. Figures that change from visit to visit (connection,
 * free storage, probe time) choose nothing and are not kept, so equal devices share one profile.
 *
 * @param webgpu null when the browser offers no adapter
 * @param deviceMemoryGiB null when the browser does not say
 * @param cores logical cores
 * @param codedCaches backends on which the client can keep keys and values in codes
 */
public record CapabilityReport(
    Engine engine,
    WebGpu webgpu,
    Wasm wasm,
    boolean webnn,
    boolean crossOriginIsolated,
    Double deviceMemoryGiB,
    int cores,
    Set<String> codedCaches) {
  public CapabilityReport {
    codedCaches = codedCaches == null ? Set.of() : Set.copyOf(codedCaches);
  }

  /** The adapter, if the browser offers one. */
  public Optional<WebGpu> adapter() {
    return Optional.ofNullable(webgpu);
  }

  /** Memory of the device in GiB, if the browser says. */
  public OptionalDouble memoryGiB() {
    return deviceMemoryGiB == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(deviceMemoryGiB.doubleValue());
  }

  /** Whether WebAssembly can run on several threads: shared memory needs cross-origin isolation. */
  public boolean canUseThreads() {
    return wasm.threads() && crossOriginIsolated && cores > 1;
  }
}
