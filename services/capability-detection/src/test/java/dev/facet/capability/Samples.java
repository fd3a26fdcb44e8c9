package dev.facet.capability;

import dev.facet.capability.domain.catalogue.KernelSet;
import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.capability.domain.report.Engine;
import dev.facet.capability.domain.report.Wasm;
import dev.facet.capability.domain.report.WebGpu;
import dev.facet.kernel.event.KernelsPublished;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.ladder.EncoderShape;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import dev.facet.kernel.ladder.TextEncoder;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Devices, models and kernels that tests plan with. */
public final class Samples {
  public static final String REVISION = "4f2c9a1b77de";
  public static final String KERNELS = "0a1b2c3d4e5f";
  private static final String DIGEST = "ab".repeat(32);

  private Samples() {}

  /** Shape of the sample model docs-29m. */
  public static ArchitectureConfig docsShape() {
    return new ArchitectureConfig(
        "llama", 512, 8, 8, 4, 64, 1536, 8192, 1024, 10000, null, 1e-5, true, 0, List.of(0));
  }

  /** Shape of an 8-billion-weight model with a context of 131,072. */
  public static ArchitectureConfig largeShape() {
    return new ArchitectureConfig(
        "llama",
        4096,
        32,
        32,
        8,
        128,
        14336,
        128256,
        131072,
        5e5,
        null,
        1e-5,
        false,
        1,
        List.of(2));
  }

  /** Shape of the sample model docs-embed. */
  public static ArchitectureConfig embeddingShape() {
    EncoderShape encoder = new EncoderShape(256, 6, 4, 1024, EncoderShape.GELU, false, 1e-12);
    return new ArchitectureConfig(
        "bert",
        256,
        6,
        4,
        4,
        64,
        1024,
        8192,
        96,
        1,
        null,
        1e-12,
        true,
        0,
        List.of(),
        null,
        new TextEncoder(encoder, TextEncoder.MEAN, true, 96),
        null);
  }

  public static ModelPublished published(String id, ArchitectureConfig shape) {
    return new ModelPublished(
        id,
        REVISION,
        1,
        shape,
        new BlobRef(DIGEST, 547_916),
        List.of(),
        List.of(
            point("full-2", "full", 2, shape),
            point("full-3", "full", 3, shape),
            point("full-4", "full", 4, shape),
            point("reference-8", "reference", 8, shape)),
        Instant.parse("2026-11-23T10:00:00Z"));
  }

  public static ModelOffer offer(String id, ArchitectureConfig shape) {
    return ModelOffer.of(published(id, shape));
  }

  /**
   * A point whose linear layers have the bits given and whose embedding has 6 (8 in the reference).
   */
  public static Point point(String id, String ladder, int bits, ArchitectureConfig shape) {
    Map<String, Integer> depths = new HashMap<>();
    int ends = Math.max(6, bits);
    depths.put("embedding", ends);
    depths.put("head", ends);
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (String part : List.of("qk", "v", "o", "gate_up", "down")) {
        depths.put("layers." + layer + '.' + part, bits);
      }
    }
    Quality quality = new Quality(7.4 + 1.0 / bits, 7.426, Math.pow(4, -bits), 0.1, 0.5, 0.95);
    return new Point(id, ladder, bits + 0.28, bits + 0.55, bits * 4_000_000L, quality, depths);
  }

  public static KernelsPublished kernelsPublished() {
    return new KernelsPublished(
        KERNELS,
        List.of(
            new KernelsPublished.Module("facet-simd128.wasm", "wasm", "wasm", DIGEST, 20_000),
            new KernelsPublished.Module("matvec.wgsl", "wgsl", "webgpu", DIGEST, 3_000)),
        Instant.parse("2026-11-23T09:00:00Z"));
  }

  public static KernelSet kernels() {
    return new KernelSet(KERNELS, kernelsPublished().modules());
  }

  /** A desktop with 8 GiB whose only adapter is SwiftShader, as in continuous integration. */
  public static CapabilityReport softwareDesktop() {
    return report(Engine.Family.CHROMIUM, false, adapter("google", "swiftshader"), 8.0);
  }

  /** A desktop with 8 GiB and a GPU. */
  public static CapabilityReport gpuDesktop() {
    return report(Engine.Family.CHROMIUM, false, adapter("nvidia", "ampere"), 8.0);
  }

  /** A phone that does not tell its memory. */
  public static CapabilityReport iphone() {
    return report(Engine.Family.WEBKIT, true, adapter("apple", "metal-3"), null);
  }

  public static CapabilityReport report(
      Engine.Family family, boolean mobile, WebGpu gpu, Double memoryGiB) {
    return new CapabilityReport(
        new Engine(family, mobile),
        gpu,
        new Wasm(true, true, true, true),
        false,
        true,
        memoryGiB,
        4,
        Set.of());
  }

  /** The same device with a client that can keep keys and values in codes on both backends. */
  public static CapabilityReport withCodedCaches(CapabilityReport report) {
    return new CapabilityReport(
        report.engine(),
        report.webgpu(),
        report.wasm(),
        report.webnn(),
        report.crossOriginIsolated(),
        report.deviceMemoryGiB(),
        report.cores(),
        Set.of("wasm", "webgpu"));
  }

  public static WebGpu adapter(String vendor, String architecture, String... features) {
    return new WebGpu(
        vendor,
        architecture,
        false,
        new TreeSet<>(List.of(features)),
        new TreeSet<>(),
        limits(1L << 30, 10),
        0);
  }

  public static WebGpu.Limits limits(long binding, long storageBuffers) {
    return new WebGpu.Limits(1L << 30, binding, 32768, 256, storageBuffers);
  }
}
