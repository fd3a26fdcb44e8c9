package dev.facet.local.models;

import dev.facet.local.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Fills an empty store with the sample models. */
public final class SampleImport {

  private final MeshClient client;
  private final ModelImport imports;
  private final Terminal terminal;

  public SampleImport(MeshClient client, ModelImport imports, Terminal terminal) {
    this.client = client;
    this.imports = imports;
    this.terminal = terminal;
  }

  /** Imports all samples unless there is a model already; a refused one is told and skipped. */
  public void fillIfEmpty(List<Path> samples) throws IOException, InterruptedException {
    if (!client.models().isEmpty()) {
      return;
    }
    for (Path sample : samples) {
      String name = sample.getFileName().toString();
      long began = System.nanoTime();
      try {
        imports.run(sample.toString(), null, null);
        terminal.say("  ✓ imported %s (%.1f s)".formatted(name, (System.nanoTime() - began) / 1e9));
      } catch (ProblemException e) {
        terminal.say("  – skipped %s: %s".formatted(name, firstLine(e.getMessage())));
      }
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }
}
