package dev.facet.local.mesh;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much heap quantization is given. */
final class Heap {

  private static final long SMALLEST_MIB = 1024;

  private Heap() {}

  /** A quarter of the host's (or container's) memory, and 1 GiB at least; in MiB. */
  static long forQuantization() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Math.max(SMALLEST_MIB, system.getTotalMemorySize() / 4 >> 20);
  }
}
