package dev.facet.local.cli;

import dev.facet.local.mesh.MeshException;
import dev.facet.local.models.ProblemException;
import java.net.ConnectException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the command line. */
@Command(
    name = "facet",
    description = "One model, cut to fit every browser.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {UpCommand.class, DownCommand.class, StatusCommand.class, ImportCommand.class})
public final class FacetCommand implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "A command is needed.");
  }

  /** Runs a command and ends with its exit code. */
  public static void main(String... arguments) {
    CommandLine line = new CommandLine(new FacetCommand());
    line.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure));
    System.exit(line.execute(arguments));
  }

  /** Expected failures are told in words; anything else is a defect and shows where it happened. */
  private static int explain(Exception failure) throws Exception {
    if (failure instanceof MeshException || failure instanceof ProblemException) {
      System.err.println("facet: " + failure.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    if (failure instanceof ConnectException) {
      System.err.println("facet: The mesh does not answer. See ./facet status.");
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw failure;
  }
}
