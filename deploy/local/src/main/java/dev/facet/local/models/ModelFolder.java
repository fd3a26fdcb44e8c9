package dev.facet.local.models;

import dev.facet.local.mesh.MeshException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder in which the mesh looks up models by name.
 *
 * @param directory an absolute path
 */
public record ModelFolder(Path directory) {

  private static final Set<String> KEPT =
      Set.of("safetensors", "json", "gguf", "model", "txt", "jinja");
  private static final String GGUF = ".gguf";
  private static final int LONGEST_NAME = 64;

  /** A copy that the mesh knows by its name. */
  public record Staged(String name, boolean fresh) {}

  /** Told how many bytes of how many are copied. */
  public interface CopyProgress {
    /** Sets how far the copy is. */
    void at(long done, long total);
  }

  /**
   * Brings a checkpoint under the models directory: by hard links where the file system allows,
   * else by copying. Links in the source, such as those of the Hugging Face cache, are followed. A
   * folder that is there already stays as it is.
   *
   * @param source a folder, or one GGUF file
   * @param name what to call it
   * @throws MeshException when the source is no checkpoint
   */
  public Staged stage(Path source, String name, CopyProgress progress) throws IOException {
    Files.createDirectories(directory);
    Path real = source.toRealPath();
    if (real.getParent().equals(directory.toRealPath())) {
      return new Staged(real.getFileName().toString(), false);
    }
    Path folder = Files.isDirectory(real) ? real : real.getParent();
    List<Path> files = folder.equals(real) ? checkpointFiles(real) : List.of(real);
    Path draft = directory.resolve(".incoming-" + name);
    delete(draft);
    long total = 0;
    for (Path file : files) {
      total += Files.size(file);
    }
    long done = 0;
    for (Path file : files) {
      place(file, draft.resolve(folder.relativize(file).toString()));
      done += Files.size(file);
      progress.at(done, total);
    }
    Path target = directory.resolve(name);
    delete(target);
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    return new Staged(name, true);
  }

  private static List<Path> checkpointFiles(Path source) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(source, 2, FileVisitOption.FOLLOW_LINKS)) {
      files = paths.filter(Files::isRegularFile).filter(ModelFolder::kept).sorted().toList();
    }
    boolean checkpoint =
        files.stream()
            .filter(file -> file.getParent().equals(source))
            .anyMatch(file -> file.endsWith("config.json") || isGguf(file));
    if (!checkpoint) {
      throw new MeshException(
          "%s is not a checkpoint: it has neither config.json nor a GGUF file.".formatted(source));
    }
    return files;
  }

  /** Whether a file holds a whole model. */
  static boolean isGguf(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(GGUF);
  }

  private static boolean kept(Path file) {
    String name = file.getFileName().toString();
    return KEPT.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  private static void place(Path file, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try {
      Files.createLink(target, file.toRealPath());
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or a file of another user.
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Removes a staged model. */
  public void remove(String name) throws IOException {
    delete(directory.resolve(name));
  }

  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }

  /** A model id made of a file name: lower-case letters, digits, dots, dashes and underscores. */
  public static String idOf(String fileName) {
    String id =
        fileName
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\.gguf$", "")
            .replaceAll("[^a-z0-9._-]+", "-")
            .replaceAll("^[^a-z0-9]+", "");
    if (id.isEmpty()) {
      throw new MeshException("No id can be made of '%s'; give one with --id.".formatted(fileName));
    }
    return id.length() > LONGEST_NAME ? id.substring(0, LONGEST_NAME) : id;
  }
}
