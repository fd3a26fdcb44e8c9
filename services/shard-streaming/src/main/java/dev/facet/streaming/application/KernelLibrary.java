package dev.facet.streaming.application;

import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.domain.bundle.KernelSet;
import java.util.Optional;

/** The kernels packed with this service. */
public interface KernelLibrary {
  /**
   * @param content its bytes, not to be changed
   */
  record Kernel(KernelSet.Module module, byte[] content) {}

  /** All kernels; empty when the service was packed without any. */
  Optional<KernelSet> kernels();

  Optional<Kernel> find(Digest kernel);
}
