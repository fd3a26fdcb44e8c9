package dev.facet.quantization.application;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.CheckpointProblem;
import dev.facet.quantization.domain.checkpoint.JsonSource;
import dev.facet.quantization.domain.importing.CheckpointChanged;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.source.CheckpointSource;
import dev.facet.quantization.domain.source.ContentRevision;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens checkpoints and makes sure that all tasks of an import read the same content. Calls block.
 *
 * <p>Content is digested once for each import and process; after that size and time of each file
 * show whether it must be digested again.
 */
@ApplicationScoped
public class Checkpoints {
  private static final int REMEMBERED = 64;

  /** What a file looks like from outside. */
  private record Stamp(String name, long bytes, FileTime modified) {}

  private final ModelFolders folders;
  private final JsonSource json;
  private final Map<UUID, List<Stamp>> verified = new ConcurrentHashMap<>();

  Checkpoints(ModelFolders folders, JsonSource json) {
    this.folders = folders;
    this.json = json;
  }

  /**
   * Opens a checkpoint whose headers, shapes and files were found in order.
   *
   * @throws CheckpointProblem if they are not
   */
  public Checkpoint open(CheckpointSource source) {
    return Checkpoint.open(folders.resolve(source), json);
  }

  /**
   * Opens the checkpoint of a running import.
   *
   * @throws CheckpointChanged if its content is no longer what the import began with
   */
  public Checkpoint open(ImportedModel model) {
    Checkpoint checkpoint = open(CheckpointSource.parse(model.source()));
    try {
      requireUnchanged(model, checkpoint);
      return checkpoint;
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /** Revision of an open checkpoint's content; reads all of it. */
  public String revision(Checkpoint checkpoint) {
    try {
      return ContentRevision.of(checkpoint.contentFiles());
    } catch (IOException e) {
      throw new CheckpointProblem.Unreadable(e.getMessage(), e.getClass().getSimpleName());
    }
  }

  private void requireUnchanged(ImportedModel model, Checkpoint checkpoint) {
    List<Stamp> stamps = stamps(checkpoint);
    if (stamps.equals(verified.get(model.importId()))) {
      return;
    }
    String found = revision(checkpoint);
    if (!found.equals(model.revision())) {
      throw new CheckpointChanged(model, found);
    }
    if (verified.size() >= REMEMBERED) {
      verified.clear();
    }
    verified.put(model.importId(), stamps);
  }

  private static List<Stamp> stamps(Checkpoint checkpoint) {
    List<Stamp> stamps = new ArrayList<>();
    for (Path file : checkpoint.contentFiles()) {
      try {
        stamps.add(
            new Stamp(
                file.getFileName().toString(), Files.size(file), Files.getLastModifiedTime(file)));
      } catch (IOException e) {
        throw new CheckpointProblem.MissingFile(file.getFileName().toString());
      }
    }
    return stamps;
  }
}
