package dev.facet.capability.adapter.rest;

import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.capability.domain.report.Engine;
import dev.facet.capability.domain.report.Wasm;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import java.util.Set;

/** Body of {@code POST /v1/profiles}; fields that are not known are ignored. */
public record ReportDocument(
    @NotNull @Pattern(regexp = "facet-report/1", message = "must be facet-report/1") String schema,
    @NotNull @Valid EngineDocument engine,
    @Valid WebGpuDocument webgpu,
    @NotNull @Valid WasmDocument wasm,
    @Valid WebNnDocument webnn,
    @NotNull Boolean crossOriginIsolated,
    @NotNull @Valid MemoryDocument memory,
    @NotNull @Valid CpuDocument cpu,
    @Valid ConnectionDocument connection,
    @Size(max = 8)
        Set<@Pattern(regexp = "wasm|webgpu", message = "must be wasm or webgpu") String>
            codedCaches,
    @PositiveOrZero Double probeMs) {

  public record EngineDocument(
      @NotNull
          @Pattern(
              regexp = "chromium|firefox|webkit|other",
              message = "must be chromium, firefox, webkit or other")
          String family,
      @NotNull Boolean mobile) {
    Engine toEngine() {
      return new Engine(Engine.Family.valueOf(family.toUpperCase(Locale.ROOT)), mobile);
    }
  }

  public record WasmDocument(
      @NotNull Boolean simd,
      @NotNull Boolean relaxedSimd,
      @NotNull Boolean threads,
      @NotNull Boolean memory64,
      @Size(max = 500) String threadsReason) {
    Wasm toWasm() {
      return new Wasm(simd, relaxedSimd, threads, memory64);
    }
  }

  public record WebNnDocument(@NotNull Boolean available) {}

  public record MemoryDocument(
      @DecimalMin("0.0625") @DecimalMax("4096") Double deviceMemoryGiB,
      @PositiveOrZero Double storageQuotaBytes,
      Boolean storagePersisted) {}

  public record CpuDocument(@NotNull @Min(1) @Max(1024) Integer cores) {}

  public record ConnectionDocument(@PositiveOrZero Double downlinkMbps, Boolean saveData) {}

  CapabilityReport toReport() {
    return new CapabilityReport(
        engine.toEngine(),
        webgpu == null ? null : webgpu.toWebGpu(),
        wasm.toWasm(),
        webnn != null && webnn.available(),
        crossOriginIsolated,
        memory.deviceMemoryGiB(),
        cpu.cores(),
        codedCaches);
  }
}
