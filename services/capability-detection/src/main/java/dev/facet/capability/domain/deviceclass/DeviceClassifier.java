package dev.facet.capability.domain.deviceclass;

import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.capability.domain.report.Engine;
import dev.facet.capability.domain.report.WebGpu;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules that put a report in its class. A hardware GPU gives {@code webgpu-<vendor>-<architecture>}
 * followed by {@code -f16}, {@code -sg} (subgroups) and {@code -smallbuf} where they hold; anything
 * else gives {@code wasm}, {@code wasm-mt} with threads, or {@code unsupported}. Engine and memory
 * follow after dots.
 */
public final class DeviceClassifier {
  /** Bindings below this are WebGPU's default of 128 MiB: large tensors must be split. */
  private static final long SMALL_BINDING = 256L << 20;

  private DeviceClassifier() {}

  public static DeviceClass classify(CapabilityReport report) {
    Gpu gpu = Gpu.of(report.webgpu());
    Backend backend = preferred(report, gpu);
    MemoryBucket memory = MemoryBucket.of(report.memoryGiB());
    String name = String.join(".", arithmetic(report, gpu, backend), engine(report), memory.id());
    String sentence =
        "%s, %s; %s.".formatted(place(report), abilities(report, gpu, backend), memory.words());
    return new DeviceClass(name, sentence, backend);
  }

  private static Backend preferred(CapabilityReport report, Gpu gpu) {
    if (gpu.hardware()) {
      return Backend.WEBGPU;
    }
    if (report.wasm().simd()) {
      return Backend.WASM;
    }
    return gpu.software() ? Backend.WEBGPU : null;
  }

  private static String arithmetic(CapabilityReport report, Gpu gpu, Backend backend) {
    if (backend == null) {
      return "unsupported";
    }
    if (backend == Backend.WASM) {
      return report.canUseThreads() ? "wasm-mt" : "wasm";
    }
    WebGpu adapter = report.webgpu();
    List<String> parts = new ArrayList<>(List.of("webgpu", gpu.vendor(), gpu.architecture()));
    addIf(parts, "f16", adapter.halfFloats());
    addIf(parts, "sg", adapter.subgroups());
    addIf(parts, "smallbuf", adapter.limits().maxStorageBufferBindingSize() < SMALL_BINDING);
    return String.join("-", parts);
  }

  private static void addIf(List<String> parts, String part, boolean holds) {
    if (holds) {
      parts.add(part);
    }
  }

  private static String engine(CapabilityReport report) {
    Engine engine = report.engine();
    return engine.mobile() ? engine.family().id() + "-mobile" : engine.family().id();
  }

  private static String place(CapabilityReport report) {
    Engine engine = report.engine();
    return engine.family().title() + (engine.mobile() ? " on a phone or tablet" : " on a desktop");
  }

  private static String abilities(CapabilityReport report, Gpu gpu, Backend backend) {
    if (backend == null) {
      return "with neither a WebGPU adapter nor WebAssembly SIMD, so no model runs";
    }
    if (gpu.hardware()) {
      return gpuWords(report.webgpu(), gpu) + " through WebGPU";
    }
    String adapter =
        gpu.software()
            ? "its WebGPU adapter is %s, which computes on the CPU"
                .formatted(SoftwareAdapter.ofId(gpu.architecture()).title())
            : "no WebGPU adapter";
    return backend == Backend.WASM ? adapter + ", so " + wasmWords(report) : adapter;
  }

  private static String gpuWords(WebGpu adapter, Gpu gpu) {
    String name = "%s GPU (%s".formatted(GpuVendor.ofId(gpu.vendor()).title(), gpu.architecture());
    return name
        + (adapter.halfFloats() ? ", 16-bit floats" : "")
        + (adapter.subgroups() ? ", subgroups" : "")
        + ")";
  }

  private static String wasmWords(CapabilityReport report) {
    return report.canUseThreads()
        ? "WebAssembly SIMD does the work, with threads on %d cores".formatted(report.cores())
        : "WebAssembly SIMD does the work on one thread";
  }
}
