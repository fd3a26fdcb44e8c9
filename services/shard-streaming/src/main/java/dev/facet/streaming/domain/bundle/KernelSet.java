package dev.facet.streaming.domain.bundle;

import java.util.List;

/**
 * The kernels that this service serves.
 *
 * @param revision 12 hex digits
 */
public record KernelSet(String revision, List<Module> modules) {
  /**
   * @param name file name
   * @param kind {@code wasm} or {@code wgsl}
   * @param backend {@code wasm} or {@code webgpu}
   */
  public record Module(String name, String kind, String backend, String sha256, long bytes) {}

  /** Modules that a runtime needs, in published order. */
  public List<Module> of(String backend) {
    return modules.stream().filter(module -> module.backend().equals(backend)).toList();
  }
}
