package dev.facet.local.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.local.mesh.MeshState;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how the mesh is. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows every process of the mesh with its health, and the models.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:ready", "1:running, but not (all) ready", "3:not running"})
final class StatusCommand implements Callable<Integer> {

  private static final int DEGRADED = 1;
  private static final int NOT_RUNNING = 3;

  @Mixin private DataOption data;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<MeshState> running = data.running();
    if (running.isEmpty()) {
      return notRunning();
    }
    MeshStatus status = MeshStatus.of(running.get(), data.directory());
    if (json) {
      System.out.println(new ObjectMapper().writeValueAsString(status.toJson()));
    } else {
      System.out.print(status.toText());
    }
    return status.healthy() ? 0 : DEGRADED;
  }

  private int notRunning() throws IOException {
    if (json) {
      ObjectNode answer = new ObjectMapper().createObjectNode().put("running", false);
      answer.put("data", data.directory().path().toString());
      System.out.println(new ObjectMapper().writeValueAsString(answer));
    } else {
      System.out.printf("No mesh runs on %s. Start one: ./facet up%n", data.directory().path());
    }
    return NOT_RUNNING;
  }
}
