package dev.facet.local.cli;

import dev.facet.local.mesh.DataDirectory;
import dev.facet.local.mesh.MeshException;
import dev.facet.local.mesh.MeshState;
import dev.facet.local.mesh.Orphans;
import dev.facet.local.mesh.Progress;
import dev.facet.local.mesh.StateFile;
import dev.facet.local.process.Termination;
import dev.facet.local.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends the mesh. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Ends all processes of the mesh, also those a killed launcher left behind.")
final class DownCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Mixin private DataOption data;

  @Override
  public Integer call() throws IOException {
    DataDirectory directory = data.directory();
    Optional<MeshState> state = new StateFile(directory.state()).read();
    try (Terminal terminal = Terminal.standard()) {
      Optional<ProcessHandle> launcher = state.flatMap(known -> known.launcher().find());
      if (launcher.isPresent()) {
        end(launcher.get(), terminal);
      }
      List<String> orphans =
          Files.isDirectory(directory.path()) ? new Orphans(directory).endUnlessInUse() : List.of();
      terminal.say(summary(launcher.isPresent(), orphans, directory));
    }
    return 0;
  }

  private static void end(ProcessHandle launcher, Terminal terminal) {
    Progress.Step step = terminal.begin("stopping the mesh");
    launcher.destroy();
    if (!Termination.ended(launcher, PATIENCE)) {
      step.failed();
      throw new MeshException(
          "The launcher (pid %d) has not ended within %d s."
              .formatted(launcher.pid(), PATIENCE.toSeconds()));
    }
    step.done("");
  }

  private static String summary(boolean ran, List<String> orphans, DataDirectory directory) {
    if (!orphans.isEmpty()) {
      return "Ended what was left behind: " + String.join(", ", orphans);
    }
    return ran
        ? "Facet has ended. Its data stays in " + directory.path()
        : "No mesh runs on " + directory.path();
  }
}
