package dev.facet.quantization.adapter.folders;

import dev.facet.kernel.identity.Digest;
import dev.facet.quantization.application.StagedFolders;
import dev.facet.quantization.config.SourcesConfig;
import dev.facet.quantization.domain.source.CheckpointSource;
import dev.facet.quantization.domain.source.RemoteSource;
import dev.facet.quantization.domain.source.SourceNotFound;
import dev.facet.quantization.domain.source.UploadProblem;
import dev.facet.quantization.domain.source.UploadSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * A folder for each source: {@code fetched/<digest of the source's name>} and {@code uploads/<id>}.
 */
@ApplicationScoped
public class SourcesDirectory implements StagedFolders {
  private static final Logger LOG = Logger.getLogger(SourcesDirectory.class);
  private static final String FETCHED = "fetched";
  private static final String UPLOADS = "uploads";

  private final Path directory;

  SourcesDirectory(SourcesConfig config) {
    this.directory = config.dir().toAbsolutePath().normalize();
  }

  @Override
  public Path prepare(RemoteSource source) {
    return create(place(source));
  }

  /** The folder for an upload's files, made if it is not there. */
  public Path prepare(UploadSource source) {
    return create(place(source));
  }

  /** Where a source's files are, or would be. */
  public Path place(CheckpointSource source) {
    if (source instanceof UploadSource upload) {
      return directory.resolve(UPLOADS).resolve(upload.id());
    }
    Digest name = Digest.of(source.toString().getBytes(StandardCharsets.UTF_8));
    return directory.resolve(FETCHED).resolve(name.hex().substring(0, 32));
  }

  /**
   * @throws SourceNotFound if there are none
   */
  Path resolve(CheckpointSource source) {
    Path folder = place(source);
    if (!Files.isDirectory(folder)) {
      throw new SourceNotFound(source);
    }
    if (source instanceof UploadSource) {
      requireFinished(source, folder);
    }
    return folder;
  }

  private static void requireFinished(CheckpointSource source, Path folder) {
    List<String> parts =
        children(folder).stream()
            .map(path -> path.getFileName().toString())
            .filter(name -> name.endsWith(".part"))
            .map(name -> name.substring(1, name.length() - ".part".length()))
            .sorted()
            .toList();
    if (!parts.isEmpty()) {
      throw new UploadProblem.Unfinished(source.toString(), parts);
    }
  }

  private static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void expire(Duration age, Set<CheckpointSource> needed) {
    Set<Path> kept = needed.stream().map(this::place).collect(Collectors.toSet());
    FileTime oldest = FileTime.from(Instant.now().minus(age));
    for (String kind : List.of(FETCHED, UPLOADS)) {
      for (Path folder : children(directory.resolve(kind))) {
        if (!kept.contains(folder) && touched(folder).compareTo(oldest) < 0) {
          remove(folder);
        }
      }
    }
  }

  /** When the folder or a file in it was last written. */
  private static FileTime touched(Path folder) {
    return Stream.concat(Stream.of(folder), children(folder).stream())
        .map(SourcesDirectory::modified)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static FileTime modified(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException gone) {
      return FileTime.from(Instant.EPOCH);
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  /** Removes a folder and the files in it; another process may be doing the same. */
  public void remove(Path folder) {
    try {
      for (Path file : children(folder)) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.warnf("%s cannot be removed: %s", folder, e.getMessage());
    }
  }
}
