package dev.facet.local.cli;

import dev.facet.local.mesh.DataDirectory;
import dev.facet.local.mesh.MeshState;
import dev.facet.local.mesh.StateFile;
import dev.facet.local.process.Child;
import dev.facet.local.process.Termination;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs {@code up} in a process of its own and shows its output until the mesh is ready. */
final class Detachment {

  private static final int POLL_MS = 200;
  private static final Duration END_PATIENCE = Duration.ofSeconds(60);

  private final DataDirectory data;
  private long shown;

  Detachment(Path data) {
    this.data = DataDirectory.prepare(data);
  }

  /** The arguments of {@code up} in the background process, with paths made absolute. */
  static String[] arguments(
      Path data, String host, int port, Path models, boolean samples, int workers) {
    List<String> arguments = new ArrayList<>(List.of("up"));
    arguments.addAll(List.of("--data", data.toAbsolutePath().toString()));
    arguments.addAll(List.of("--host", host, "--port", String.valueOf(port)));
    arguments.addAll(List.of("--workers", String.valueOf(workers)));
    if (models != null) {
      arguments.addAll(List.of("--models", models.toAbsolutePath().toString()));
    }
    if (!samples) {
      arguments.add("--no-samples");
    }
    return arguments.toArray(String[]::new);
  }

  /** The exit code: 0 once the mesh is ready, 1 when it did not come up. */
  int run(String... arguments) throws IOException, InterruptedException {
    Path log = data.log("up");
    Files.deleteIfExists(log);
    ProcessHandle launcher = Child.start(command(arguments), data.path(), Map.of(), log);
    Thread onCtrlC = new Thread(() -> Termination.end(launcher, END_PATIENCE));
    Runtime.getRuntime().addShutdownHook(onCtrlC);
    while (launcher.isAlive()) {
      showMore(log);
      if (ready()) {
        Runtime.getRuntime().removeShutdownHook(onCtrlC);
        showMore(log);
        System.out.printf(
            "  Running in the background (pid %d); ./facet down ends it, its log is %s%n",
            launcher.pid(), log);
        return 0;
      }
      Thread.sleep(POLL_MS);
    }
    showMore(log);
    return 1;
  }

  private boolean ready() {
    return new StateFile(data.state()).read().filter(MeshState::ready).isPresent();
  }

  private void showMore(Path log) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] more = new byte[(int) (file.length() - shown)];
      file.seek(shown);
      file.readFully(more);
      shown += more.length;
      System.out.write(more);
      System.out.flush();
    }
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Dfacet.tty"))
        .forEach(command::add);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(FacetCommand.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }
}
