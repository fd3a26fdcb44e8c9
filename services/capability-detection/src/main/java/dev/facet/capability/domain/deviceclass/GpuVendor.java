package dev.facet.capability.domain.deviceclass;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makers of GPUs and their architecture families. Reports are not trusted, so only names of this
 * closed list reach a device class: nobody can invent classes at will.
 */
enum GpuVendor {
  NVIDIA(
      "nvidia",
      "NVIDIA",
      List.of("nvidia"),
      List.of(
          "fermi",
          "kepler",
          "maxwell",
          "pascal",
          "volta",
          "turing",
          "ampere",
          "lovelace",
          "ada",
          "hopper",
          "blackwell")),
  AMD("amd", "AMD", List.of("amd", "ati"), List.of("terascale", "gcn", "rdna", "cdna")),
  INTEL("intel", "Intel", List.of("intel"), List.of("gen", "xe")),
  APPLE("apple", "Apple", List.of("apple"), List.of("common", "metal", "apple")),
  ARM(
      "arm",
      "Arm Mali",
      List.of("arm", "mali"),
      List.of("utgard", "midgard", "bifrost", "valhall", "5th-gen")),
  QUALCOMM("qualcomm", "Qualcomm", List.of("qualcomm"), List.of("adreno")),
  IMAGINATION(
      "img-tec",
      "Imagination",
      List.of("img-tec", "imagination", "powervr"),
      List.of("rogue", "albiorix", "volcanic", "photon")),
  SAMSUNG("samsung", "Samsung", List.of("samsung"), List.of("rdna", "xclipse")),
  BROADCOM("broadcom", "Broadcom", List.of("broadcom"), List.of("videocore")),
  OTHER("other", "unlisted", List.of(), List.of()),
  UNKNOWN("unknown", "unnamed", List.of(), List.of());

  private static final Pattern GENERATION = Pattern.compile("[0-9]{1,2}");

  private final String id;
  private final String title;
  private final List<String> names;
  private final List<String> families;

  GpuVendor(String id, String title, List<String> names, List<String> families) {
    this.id = id;
    this.title = title;
    this.names = names;
    this.families = families;
  }

  /**
   * Vendor that an adapter names; {@code UNKNOWN} for no name, {@code OTHER} for one not listed.
   */
  static GpuVendor of(String reported) {
    String slug = slug(reported);
    if (slug.isEmpty()) {
      return UNKNOWN;
    }
    return Arrays.stream(values())
        .filter(vendor -> vendor.names.stream().anyMatch(slug::startsWith))
        .findFirst()
        .orElse(OTHER);
  }

  static GpuVendor ofId(String id) {
    return Arrays.stream(values()).filter(v -> v.id.equals(id)).findFirst().orElse(OTHER);
  }

  /**
   * Family and generation, for example {@code rdna-3}, when it is one of this vendor's; else {@code
   * other} or {@code unknown}.
   */
  String architecture(String reported) {
    String slug = slug(reported);
    if (slug.isEmpty()) {
      return "unknown";
    }
    return families.stream()
        .filter(slug::startsWith)
        .findFirst()
        .map(family -> family + generation(slug.substring(family.length())))
        .orElse("other");
  }

  private static String generation(String rest) {
    Matcher number = GENERATION.matcher(rest);
    return number.find() ? "-" + number.group() : "";
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  private static String slug(String reported) {
    return reported
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-+|-+$", "");
  }
}
