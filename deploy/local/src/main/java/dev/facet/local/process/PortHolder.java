package dev.facet.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds out who listens on a TCP port. */
public final class PortHolder {

  private static final String LISTENING = "0A";

  private PortHolder() {}

  /** The listening process, as far as the operating system shows it to this user. */
  public static Optional<ProcessHandle> of(int port) {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      sockets.addAll(listeningInodes(Path.of(table), port));
    }
    if (sockets.isEmpty()) {
      return askLsof(port);
    }
    return ProcessHandle.allProcesses().filter(p -> holdsOneOf(p.pid(), sockets)).findFirst();
  }

  /** Inodes of the sockets in LISTEN state on the port, from the kernel's table of sockets. */
  static Set<String> listeningInodes(Path table, int port) {
    String suffix = ":%04X".formatted(port);
    Set<String> inodes = new HashSet<>();
    try {
      for (String line : Files.readAllLines(table)) {
        String[] columns = line.trim().split("\\s+");
        if (columns.length > 9 && columns[1].endsWith(suffix) && columns[3].equals(LISTENING)) {
          inodes.add(columns[9]);
        }
      }
    } catch (IOException e) {
      return Set.of();
    }
    return inodes;
  }

  private static boolean holdsOneOf(long pid, Set<String> inodes) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
      return descriptors.anyMatch(descriptor -> isSocketOf(descriptor, inodes));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isSocketOf(Path descriptor, Set<String> inodes) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("socket:[")
          && inodes.contains(target.substring("socket:[".length(), target.length() - 1));
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<ProcessHandle> askLsof(int port) {
    try {
      Process lsof =
          new ProcessBuilder("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output = new String(lsof.getInputStream().readAllBytes()).trim();
      return output.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(output.lines().findFirst().orElseThrow()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
