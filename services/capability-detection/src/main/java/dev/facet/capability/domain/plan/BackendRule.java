package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.catalogue.KernelSet;
import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.deviceclass.Gpu;
import dev.facet.capability.domain.deviceclass.SoftwareAdapter;
import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.capability.domain.report.WebGpu;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the backend: a real GPU first, then WebAssembly, a software adapter only when asked for.
 */
final class BackendRule {
  /** What a compute stage of our shaders binds; compatibility-mode adapters offer fewer. */
  private static final long STORAGE_BUFFERS = 8;

  private final CapabilityReport report;
  private final KernelSet kernels;
  private final Gpu gpu;

  BackendRule(CapabilityReport report, KernelSet kernels) {
    this.report = report;
    this.kernels = kernels;
    this.gpu = Gpu.of(report.webgpu());
  }

  Choice<Backend> choose(Optional<Backend> pinned) {
    return pinned.map(this::honour).orElseGet(this::prefer);
  }

  private Choice<Backend> honour(Backend pinned) {
    Optional<String> obstacle = obstacle(pinned);
    if (obstacle.isPresent()) {
      throw new BackendUnavailable(obstacle.get(), available());
    }
    String because = "The request asks for %s and this device can run it.".formatted(title(pinned));
    return choice(pinned, because);
  }

  private Choice<Backend> prefer() {
    Optional<String> noGpu = obstacle(Backend.WEBGPU);
    Optional<String> noWasm = obstacle(Backend.WASM);
    if (noGpu.isEmpty() && (gpu.hardware() || noWasm.isPresent())) {
      return choice(Backend.WEBGPU, gpuReason(noWasm));
    }
    if (noWasm.isEmpty()) {
      return choice(Backend.WASM, noGpu.orElseGet(this::softwareReason));
    }
    throw new BackendUnavailable(noGpu.get() + ' ' + noWasm.get(), List.of());
  }

  private Choice<Backend> choice(Backend backend, String because) {
    Backend other = backend == Backend.WASM ? Backend.WEBGPU : Backend.WASM;
    String runnerUp = obstacle(other).isEmpty() ? other.id() : null;
    return new Choice<>(backend, new Reason("backend", backend.id(), because, runnerUp));
  }

  private String gpuReason(Optional<String> noWasm) {
    return gpu.hardware()
        ? "The browser offers a real GPU through WebGPU, which is faster than WebAssembly on the CPU."
        : noWasm.orElseThrow() + " The software WebGPU adapter is all that is left.";
  }

  private String softwareReason() {
    return "The WebGPU adapter is a software rasteriser (%s) that computes on the CPU, where WebAssembly is faster."
        .formatted(SoftwareAdapter.detect(report.webgpu()).orElseThrow().title());
  }

  /** Why the device cannot run the model on a backend; empty when it can. */
  private Optional<String> obstacle(Backend backend) {
    Optional<String> lacking = backend == Backend.WASM ? wasmObstacle() : gpuObstacle();
    if (lacking.isEmpty() && !kernels.serves(backend)) {
      return Optional.of("No %s kernels are published.".formatted(title(backend)));
    }
    return lacking;
  }

  private Optional<String> wasmObstacle() {
    return report.wasm().simd()
        ? Optional.empty()
        : Optional.of("This browser's WebAssembly has no SIMD, which the kernels need.");
  }

  private Optional<String> gpuObstacle() {
    if (report.webgpu() == null) {
      return Optional.of("This browser offers no WebGPU adapter.");
    }
    WebGpu.Limits limits = report.webgpu().limits();
    return limits.maxStorageBuffersPerShaderStage() >= STORAGE_BUFFERS
        ? Optional.empty()
        : Optional.of(
            "The WebGPU adapter binds only %d storage buffers where the kernels need %d."
                .formatted(limits.maxStorageBuffersPerShaderStage(), STORAGE_BUFFERS));
  }

  private List<String> available() {
    return Arrays.stream(Backend.values())
        .filter(backend -> obstacle(backend).isEmpty())
        .map(Backend::id)
        .toList();
  }

  private static String title(Backend backend) {
    return backend == Backend.WASM ? "WebAssembly" : "WebGPU";
  }
}
