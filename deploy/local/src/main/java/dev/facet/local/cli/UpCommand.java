package dev.facet.local.cli;

import dev.facet.local.mesh.Installation;
import dev.facet.local.mesh.Mesh;
import dev.facet.local.mesh.MeshException;
import dev.facet.local.mesh.MeshOptions;
import dev.facet.local.mesh.MeshState;
import dev.facet.local.mesh.Service;
import dev.facet.local.models.MeshClient;
import dev.facet.local.models.ModelFolder;
import dev.facet.local.models.SampleImport;
import dev.facet.local.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the mesh and keeps it running. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description =
        "Starts Kafka, PostgreSQL, the four services and one origin on this machine, and imports "
            + "the sample models when there is no model yet. Ctrl-C ends all of it.")
final class UpCommand implements Callable<Integer> {

  @Mixin private DataOption data;

  @Option(names = "--detach", description = "Go on in the background once ready.")
  private boolean detach;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "The port of the one origin; 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--host",
      defaultValue = MeshOptions.LOOPBACK,
      paramLabel = "ADDRESS",
      description = "The address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "Where models are looked up by name (default: models in the data directory).")
  private Path models;

  @Option(
      names = "--samples",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Import the sample models into an empty store, or do not.")
  private boolean samples;

  @Option(
      names = "--workers",
      defaultValue = "1",
      paramLabel = "N",
      description = "Processes that quantize; they share imports (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<MeshState> running = data.running();
    if (running.isPresent()) {
      return alreadyRunning(running.get());
    }
    if (detach) {
      return new Detachment(data.path(Installation.find())).run(ownArguments());
    }
    return runHere();
  }

  private static int alreadyRunning(MeshState state) {
    System.out.printf(
        state.ready()
            ? "Facet already runs at %s (pid %d). End it with ./facet down.%n"
            : "Facet is already starting at %s (pid %d).%n",
        state.url(),
        state.launcher().pid());
    return 0;
  }

  private String[] ownArguments() {
    return Detachment.arguments(
        data.path(Installation.find()), host, port, models, samples, workers);
  }

  private int runHere() throws IOException, InterruptedException {
    Installation installation = Installation.find();
    MeshOptions options =
        MeshOptions.at(installation, data.path(installation))
            .withHost(host)
            .withPort(port)
            .withModels(models)
            .withReplicas(Map.of(Service.QUANTIZATION, Math.max(1, workers)));
    try (Terminal terminal = Terminal.standard()) {
      Mesh mesh = Mesh.claim(options, terminal);
      Ending ending = Ending.onSignal(mesh, terminal);
      try {
        mesh.start();
        fill(mesh, installation, terminal);
        announce(mesh, terminal);
        new CountDownLatch(1).await();
      } catch (IOException | RuntimeException e) {
        if (ending.begun()) {
          // Told to end while starting: what failed then is no news.
          new CountDownLatch(1).await();
        }
        ending.now();
        throw e;
      }
      return 0;
    }
  }

  private void fill(Mesh mesh, Installation installation, Terminal terminal)
      throws IOException, InterruptedException {
    if (samples) {
      MeshClient client = new MeshClient(mesh.url());
      new SampleImport(client, new ModelFolder(mesh.models()), terminal)
          .fillIfEmpty(installation.samples());
    }
  }

  private static void announce(Mesh mesh, Terminal terminal) throws InterruptedException {
    if (!new MeshClient(mesh.url()).servesPage()) {
      throw new MeshException("The services are up, but %s/ is not served.".formatted(mesh.url()));
    }
    terminal.say("");
    terminal.say("  Facet is ready: " + mesh.url());
    terminal.say("  Dashboard:      " + mesh.url() + "/dashboard");
    terminal.say("");
    // Last, since whoever waits for this in the foreground then shows what was said.
    mesh.announceReady();
  }
}
