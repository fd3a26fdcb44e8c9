package dev.facet.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory that a process holds. */
public final class ResidentMemory {

  private ResidentMemory() {}

  /** Bytes of physical memory, or empty when the process is gone or not this user's. */
  public static OptionalLong of(long pid) {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    try {
      return Files.exists(status) ? fromStatus(Files.readString(status)) : fromPs(pid);
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong fromStatus(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst();
  }

  private static OptionalLong fromPs(long pid) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(pid)).start();
    String output = new String(ps.getInputStream().readAllBytes()).trim();
    return output.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(output) << 10);
  }
}
