package dev.facet.capability.domain.report;

import dev.facet.kernel.identity.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Names a report by its content: equal reports are one profile on every replica, without a look-up.
 */
public final class ProfileId {
  private static final long VERSION_8 = 0x8000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private ProfileId() {}

  /**
   * Id of the profile that keeps the report: a version 8 UUID over the SHA-256 of its canonical
   * text.
   */
  public static UUID of(CapabilityReport report) {
    return nameBased(canonical(report));
  }

  /** Version 8 UUID (RFC 9562) made of the first bits of the text's SHA-256. */
  public static UUID nameBased(String text) {
    ByteBuffer digest = ByteBuffer.wrap(Digest.of(text.getBytes(StandardCharsets.UTF_8)).bytes());
    long high = digest.getLong() & ~0xf000L | VERSION_8;
    long low = digest.getLong() & ~0xc000_0000_0000_0000L | VARIANT;
    return new UUID(high, low);
  }

  private static String canonical(CapabilityReport report) {
    return String.join(
        "\n",
        "facet-report/1",
        report.engine().family().id() + ' ' + report.engine().mobile(),
        report.adapter().map(ProfileId::canonical).orElse("none"),
        canonical(report.wasm()),
        "webnn " + report.webnn(),
        "isolated " + report.crossOriginIsolated(),
        "memory " + report.deviceMemoryGiB(),
        "cores " + report.cores(),
        "coded caches " + new TreeSet<>(report.codedCaches()));
  }

  private static String canonical(Wasm wasm) {
    return "wasm %b %b %b %b"
        .formatted(wasm.simd(), wasm.relaxedSimd(), wasm.threads(), wasm.memory64());
  }

  private static String canonical(WebGpu gpu) {
    WebGpu.Limits limits = gpu.limits();
    return "webgpu %s|%s|%b|%s|%s|%d %d %d %d %d|%d"
        .formatted(
            gpu.vendor(),
            gpu.architecture(),
            gpu.fallbackAdapter(),
            gpu.features(),
            gpu.wgslFeatures(),
            limits.maxBufferSize(),
            limits.maxStorageBufferBindingSize(),
            limits.maxComputeWorkgroupStorageSize(),
            limits.maxComputeInvocationsPerWorkgroup(),
            limits.maxStorageBuffersPerShaderStage(),
            gpu.subgroupSize());
  }
}
