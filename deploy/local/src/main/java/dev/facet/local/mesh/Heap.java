package dev.facet.local.mesh;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much heap quantization is given. */
final class Heap {
  private static final String SETTING = "FACET_QUANTIZATION_HEAP";

  private static final long SMALLEST_MIB = 1024;

  private Heap() {}

  /**
   * What {@value #SETTING} says, else a quarter of the host's (or container's) memory, and 1 GiB at
   * least; in MiB.
   */
  static long forQuantization() {
    String set = System.getenv(SETTING);
    if (set != null && !set.isBlank()) {
      return parse(set.strip());
    }
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Math.max(SMALLEST_MIB, system.getTotalMemorySize() / 4 >> 20);
  }

  private static long parse(String set) {
    try {
      return Long.parseUnsignedLong(set);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(SETTING + " is a number of MiB, not " + set + ".", e);
    }
  }
}
