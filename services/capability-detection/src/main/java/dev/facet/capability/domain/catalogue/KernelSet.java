package dev.facet.capability.domain.catalogue;

import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.kernel.event.KernelsPublished;
import java.util.List;

/**
 * The kernels that browsers can fetch.
 *
 * @param revision 12 hex digits
 */
public record KernelSet(String revision, List<KernelsPublished.Module> modules) {
  /**
   * @throws IllegalArgumentException if the revision is malformed or there is no module
   */
  public KernelSet {
    if (revision == null || !revision.matches("[0-9a-f]{12}")) {
      throw new IllegalArgumentException("a kernel set needs a revision of 12 hex digits");
    }
    if (modules == null || modules.isEmpty()) {
      throw new IllegalArgumentException("a kernel set needs a module");
    }
    modules = List.copyOf(modules);
  }

  /** Whether a backend has any kernel. */
  public boolean serves(Backend backend) {
    return modules.stream().anyMatch(module -> backend.id().equals(module.backend()));
  }

  /** Whether a WebAssembly module was built for several threads; its name says so. */
  public boolean threaded() {
    return modules.stream()
        .anyMatch(m -> Backend.WASM.id().equals(m.backend()) && m.name().contains("threads"));
  }
}
