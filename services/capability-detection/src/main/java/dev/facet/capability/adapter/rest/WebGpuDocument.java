package dev.facet.capability.adapter.rest;

import dev.facet.capability.domain.report.WebGpu;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The {@code webgpu} part of a report. */
public record WebGpuDocument(
    @NotNull @Size(max = 120) String vendor,
    @NotNull @Size(max = 120) String architecture,
    @NotNull Boolean fallbackAdapter,
    @NotNull @Size(max = 100) List<@NotNull @Size(max = 64) String> features,
    @Size(max = 100) List<@NotNull @Size(max = 64) String> wgslFeatures,
    @NotNull @Valid LimitsDocument limits,
    @PositiveOrZero @Max(1024) Integer subgroupSize) {

  public record LimitsDocument(
      @NotNull @Positive Long maxBufferSize,
      @NotNull @Positive Long maxStorageBufferBindingSize,
      @NotNull @Positive Long maxComputeWorkgroupStorageSize,
      @NotNull @Positive Long maxComputeInvocationsPerWorkgroup,
      @NotNull @Positive Long maxStorageBuffersPerShaderStage) {
    WebGpu.Limits toLimits() {
      return new WebGpu.Limits(
          maxBufferSize,
          maxStorageBufferBindingSize,
          maxComputeWorkgroupStorageSize,
          maxComputeInvocationsPerWorkgroup,
          maxStorageBuffersPerShaderStage);
    }
  }

  WebGpu toWebGpu() {
    return new WebGpu(
        vendor,
        architecture,
        fallbackAdapter,
        sorted(features),
        sorted(wgslFeatures == null ? List.of() : wgslFeatures),
        limits.toLimits(),
        subgroupSize == null ? 0 : subgroupSize);
  }

  private static SortedSet<String> sorted(List<String> names) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(names));
  }
}
