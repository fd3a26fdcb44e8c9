package dev.facet.quantization.adapter.folders;

import dev.facet.quantization.application.ModelFolders;
import dev.facet.quantization.config.ModelsConfig;
import dev.facet.quantization.domain.source.CheckpointSource;
import dev.facet.quantization.domain.source.FolderSource;
import dev.facet.quantization.domain.source.SourceNotFound;
import dev.facet.quantization.domain.source.SourceOutsideModels;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Folders below one directory; links that lead out of it are refused. */
@ApplicationScoped
class ModelsDirectory implements ModelFolders {
  private final Path directory;
  private final SourcesDirectory sources;

  ModelsDirectory(ModelsConfig config, SourcesDirectory sources) {
    this.sources = sources;
    this.directory = config.dir().toAbsolutePath().normalize();
  }

  @Override
  public Path resolve(CheckpointSource source) {
    return source instanceof FolderSource folder ? resolve(folder) : sources.resolve(source);
  }

  private Path resolve(FolderSource source) {
    try {
      Path folder = directory.resolve(source.toString()).toRealPath();
      if (!folder.startsWith(directory.toRealPath())) {
        throw new SourceOutsideModels(source.toString());
      }
      if (!Files.isDirectory(folder)) {
        throw new SourceNotFound(source);
      }
      return folder;
    } catch (IOException | InvalidPathException e) {
      throw new SourceNotFound(source);
    }
  }
}
