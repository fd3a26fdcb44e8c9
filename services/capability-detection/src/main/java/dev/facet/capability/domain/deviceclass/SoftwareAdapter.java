package dev.facet.capability.domain.deviceclass;

import dev.facet.capability.domain.report.WebGpu;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** WebGPU adapters that compute on the CPU; WebAssembly is faster than any of them. */
public enum SoftwareAdapter {
  SWIFTSHADER("swiftshader", "SwiftShader", "google"),
  LAVAPIPE("lavapipe", "lavapipe", "mesa"),
  LLVMPIPE("llvmpipe", "llvmpipe", "mesa"),
  SOFTPIPE("softpipe", "softpipe", "mesa"),
  WARP("warp", "Microsoft WARP", "microsoft"),
  BASIC_RENDER("basic-render", "Microsoft Basic Render Driver", "microsoft"),
  UNNAMED("software", "a software rasteriser", "unknown");

  private final String id;
  private final String title;
  private final String vendor;

  SoftwareAdapter(String id, String title, String vendor) {
    this.id = id;
    this.title = title;
    this.vendor = vendor;
  }

  /**
   * The software adapter that the report's names give away, or the unnamed one when only the
   * browser's fallback flag does.
   */
  public static Optional<SoftwareAdapter> detect(WebGpu adapter) {
    String names =
        (adapter.vendor() + ' ' + adapter.architecture())
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    String hyphenated = names.trim().replaceAll("\\s+", "-");
    Optional<SoftwareAdapter> named =
        Arrays.stream(values()).filter(software -> hyphenated.contains(software.id)).findFirst();
    return named.or(() -> adapter.fallbackAdapter() ? Optional.of(UNNAMED) : Optional.empty());
  }

  /** The adapter of an id that {@link Gpu#architecture()} carries. */
  static SoftwareAdapter ofId(String id) {
    return Arrays.stream(values())
        .filter(software -> software.id.equals(id))
        .findFirst()
        .orElse(UNNAMED);
  }

  public String id() {
    return id;
  }

  /** Name for people. */
  public String title() {
    return title;
  }

  String vendor() {
    return vendor;
  }
}
