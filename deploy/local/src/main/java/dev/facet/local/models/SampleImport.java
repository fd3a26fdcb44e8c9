package dev.facet.local.models;

import dev.facet.local.models.ModelImport.Goal;
import dev.facet.local.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Fills an empty store with the sample models. */
public final class SampleImport {

  private final MeshClient client;
  private final ModelFolder folder;
  private final Terminal terminal;

  public SampleImport(MeshClient client, ModelFolder folder, Terminal terminal) {
    this.client = client;
    this.folder = folder;
    this.terminal = terminal;
  }

  /**
   * Imports all samples unless there is a model already: waits until the first can be used, and
   * begins the others. A refused one is told and skipped.
   */
  public void fillIfEmpty(List<Path> samples) throws IOException, InterruptedException {
    if (!client.models().isEmpty()) {
      return;
    }
    for (Path sample : samples) {
      String name = sample.getFileName().toString();
      boolean first = sample.equals(samples.get(0));
      long began = System.nanoTime();
      try {
        imports(first ? Goal.USABLE : Goal.BEGUN).run(sample.toString(), null, null);
        terminal.say(
            first
                ? "  ✓ imported %s (%.1f s)".formatted(name, (System.nanoTime() - began) / 1e9)
                : "  … %s is being imported".formatted(name));
      } catch (ProblemException e) {
        terminal.say("  – skipped %s: %s".formatted(name, firstLine(e.getMessage())));
      }
    }
  }

  private ModelImport imports(Goal goal) {
    return new ModelImport(client, folder, terminal, goal);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }
}
