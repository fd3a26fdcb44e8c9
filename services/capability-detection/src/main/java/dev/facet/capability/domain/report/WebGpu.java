package dev.facet.capability.domain.report;

import java.util.SortedSet;

/**
 * A WebGPU adapter.
 *
 * @param vendor as the adapter says, may be empty
 * @param architecture as the adapter says, may be empty
 * @param fallbackAdapter whether the browser itself calls it a fallback
 * @param features WebGPU features, for example {@code shader-f16}
 * @param wgslFeatures WGSL language features
 * @param subgroupSize smallest subgroup, 0 when not told
 */
public record WebGpu(
    String vendor,
    String architecture,
    boolean fallbackAdapter,
    SortedSet<String> features,
    SortedSet<String> wgslFeatures,
    Limits limits,
    int subgroupSize) {

  /** Limits of the adapter; sizes in bytes. */
  public record Limits(
      long maxBufferSize,
      long maxStorageBufferBindingSize,
      long maxComputeWorkgroupStorageSize,
      long maxComputeInvocationsPerWorkgroup,
      long maxStorageBuffersPerShaderStage) {}

  public boolean halfFloats() {
    return features.contains("shader-f16");
  }

  public boolean subgroups() {
    return features.contains("subgroups");
  }
}
