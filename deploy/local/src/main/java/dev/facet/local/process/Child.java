package dev.facet.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts child processes in a session of their own. */
public final class Child {

  private static final long LARGEST_LOG = 16L << 20;

  /** Absent on some systems; a child then shares the terminal's process group. */
  private static final List<String> NEW_SESSION =
      Files.isExecutable(Path.of("/usr/bin/setsid"))
          ? List.of("/usr/bin/setsid")
          : Files.isExecutable(Path.of("/usr/bin/perl"))
              ? List.of(
                  "/usr/bin/perl", "-MPOSIX", "-e", "POSIX::setsid(); exec { $ARGV[0] } @ARGV")
              : List.of();

  private Child() {}

  /**
   * Starts a command whose output is appended to a log file. Ctrl-C in the terminal does not reach
   * it, so that the launcher can end the parts of the mesh in order.
   *
   * @param directory the working directory
   */
  public static ProcessHandle start(
      List<String> command, Path directory, Map<String, String> environment, Path log)
      throws IOException {
    List<String> whole = new ArrayList<>(NEW_SESSION);
    whole.addAll(command);
    rotate(log);
    ProcessBuilder builder = new ProcessBuilder(whole).directory(directory.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    return builder.start().toHandle();
  }

  private static void rotate(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
      Path previous = log.resolveSibling(log.getFileName() + ".1");
      Files.move(log, previous, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
