package dev.facet.local.cli;

import dev.facet.local.mesh.MeshState;
import dev.facet.local.models.MeshClient;
import dev.facet.local.models.ModelFolder;
import dev.facet.local.models.ModelImport;
import dev.facet.local.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports a model into the running mesh. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Imports a Hugging Face checkpoint or a GGUF file; ends when its best edition is published.")
final class ImportCommand implements Callable<Integer> {

  @Mixin private DataOption data;

  @Parameters(
      paramLabel = "SOURCE",
      description =
          "A folder or GGUF file anywhere (its safetensors, GGUF, JSON and tokenizer files are "
              + "linked or copied into the models directory), an http(s) URL, "
              + "hf:org/name@revision, or upload:ID.")
  private String source;

  @Option(
      names = "--id",
      description = "What to call the model (default: the name of its folder or repository).")
  private String id;

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description =
          "A text (UTF-8) that is typical of what the model will be used for; left out, the model "
              + "writes one.")
  private Path calibration;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The models directory of the mesh (default: the one it was started with).")
  private Path models;

  @Override
  public Integer call() throws IOException, InterruptedException {
    MeshState mesh = data.requireReady();
    ModelFolder folder =
        new ModelFolder((models == null ? mesh.models() : models).toAbsolutePath().normalize());
    try (Terminal terminal = Terminal.standard()) {
      long began = System.nanoTime();
      String published =
          new ModelImport(
                  new MeshClient(URI.create(mesh.url())), folder, terminal, ModelImport.Goal.BEST)
              .run(source, id, calibration);
      terminal.say(
          "Published %s after %.1f s: %s/v1/models/%s"
              .formatted(published, (System.nanoTime() - began) / 1e9, mesh.url(), published));
    }
    return 0;
  }
}
