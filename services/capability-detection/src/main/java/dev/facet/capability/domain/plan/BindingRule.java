package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.report.CapabilityReport;
import java.util.Optional;

/** Compares the largest tensor with what one binding of the GPU may span. */
final class BindingRule {
  private BindingRule() {}

  /** What to say of buffers; nothing where there is no GPU. */
  static Optional<Reason> reason(CapabilityReport report, Backend backend, long largestTensor) {
    if (backend != Backend.WEBGPU) {
      return Optional.empty();
    }
    long binding = report.webgpu().limits().maxStorageBufferBindingSize();
    long parts = (largestTensor + binding - 1) / binding;
    String because =
        parts <= 1
            ? "The largest tensor (%s) fits one binding of the GPU (%s)."
            : "The largest tensor (%s) exceeds one binding of the GPU (%s), so it is split by rows.";
    return Optional.of(
        new Reason(
            "buffers",
            Long.toString(Math.max(parts, 1)),
            because.formatted(ByteSize.words(largestTensor), ByteSize.words(binding)),
            null));
  }
}
