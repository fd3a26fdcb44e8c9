package dev.facet.local.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run a jar on the same JDK as the launcher. */
final class JavaCommand {

  private static final int WARNS_OF_NATIVE_ACCESS = 24;

  private final Path executable = Path.of(System.getProperty("java.home"), "bin", "java");

  /** The command line of {@code java OPTIONS -jar JAR ARGUMENTS}. */
  List<String> running(Path jar, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(executable.toString());
    command.addAll(options);
    if (Runtime.version().feature() >= WARNS_OF_NATIVE_ACCESS) {
      // Netty and the JBoss libraries load native code and use Unsafe; the JDK would warn each
      // time.
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(arguments);
    return command;
  }
}
