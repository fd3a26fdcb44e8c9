package dev.facet.quantization.domain.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds a checkpoint's files and keeps to its folder. */
final class CheckpointFiles {
  static final String CONFIG = "config.json";
  static final String GENERATION_CONFIG = "generation_config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  static final String GGUF_ENDING = ".gguf";

  private static final long LARGEST_JSON = 64L << 20;
  private static final Set<String> PICKLE_ENDINGS = Set.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

  private final Path folder;
  private final JsonSource json;

  CheckpointFiles(Path folder, JsonSource json) {
    try {
      this.folder = folder.toRealPath();
    } catch (IOException e) {
      throw new CheckpointProblem.MissingFile(String.valueOf(folder.getFileName()));
    }
    this.json = json;
  }

  /** A regular file of the folder itself, links resolved. */
  Path file(String name) {
    Path path = resolve(name);
    if (!Files.isRegularFile(path)) {
      throw new CheckpointProblem.MissingFile(name);
    }
    return inside(name, path);
  }

  private Path inside(String name, Path path) {
    try {
      if (!path.toRealPath().startsWith(folder)) {
        throw new CheckpointProblem.PathOutsideFolder(name);
      }
    } catch (IOException e) {
      throw new CheckpointProblem.MissingFile(name);
    }
    return path;
  }

  private Path resolve(String name) {
    boolean plain = !name.isEmpty() && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == 0);
    if (!plain || name.equals(".") || name.equals("..")) {
      throw new CheckpointProblem.PathOutsideFolder(name);
    }
    return folder.resolve(name);
  }

  boolean has(String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  /** As {@link SettingsFiles} reads. */
  JsonObject settings(String name) {
    return has(name)
        ? JsonObject.parse(json, name, bytes(name, inner(name)))
        : JsonObject.parse(json, name, new byte[] {'{', '}'});
  }

  /** A file that is known to be there, in the folder or one of its folders. */
  Path inner(String name) {
    return inside(name, folder.resolve(name));
  }

  JsonObject json(String name) {
    return JsonObject.parse(json, name, bytes(name));
  }

  /** All of a JSON file. */
  byte[] bytes(String name) {
    return bytes(name, file(name));
  }

  private static byte[] bytes(String name, Path path) {
    try {
      if (Files.size(path) > LARGEST_JSON) {
        throw new CheckpointProblem.MalformedJson(
            name, "is larger than %d bytes".formatted(LARGEST_JSON));
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new CheckpointProblem.Unreadable(name, e.getClass().getSimpleName());
    }
  }

  /** Names of the weight files, in a fixed order. */
  List<String> weightFiles() {
    if (has(INDEX)) {
      JsonObject map = json(INDEX).object("weight_map");
      Set<String> names = new LinkedHashSet<>();
      map.keys().forEach(tensor -> names.add(map.string(tensor)));
      names.forEach(this::requireSafetensors);
      return names.stream().sorted().toList();
    }
    if (has(SINGLE)) {
      return List.of(SINGLE);
    }
    throw pickles().stream()
        .findFirst()
        .<CheckpointProblem>map(CheckpointProblem.PickledWeights::new)
        .orElseGet(() -> new CheckpointProblem.MissingFile(SINGLE));
  }

  private void requireSafetensors(String name) {
    if (isPickle(name)) {
      throw new CheckpointProblem.PickledWeights(name);
    }
    if (!name.endsWith(".safetensors")) {
      throw new CheckpointProblem.MalformedJson(INDEX, name + " is no safetensors file");
    }
  }

  /**
   * Where the folder's weights are one GGUF file: that file.
   *
   * @throws CheckpointProblem.AmbiguousFile where there are several
   */
  Optional<Path> gguf() {
    if (has(INDEX) || has(SINGLE)) {
      return Optional.empty();
    }
    List<String> names = names(name -> name.endsWith(GGUF_ENDING));
    if (names.size() > 1) {
      throw new CheckpointProblem.AmbiguousFile(names);
    }
    return names.stream().findFirst().map(this::file);
  }

  private List<String> pickles() {
    return names(this::isPickle);
  }

  private List<String> names(Predicate<String> wanted) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new CheckpointProblem.Unreadable(SINGLE, e.getClass().getSimpleName());
    }
  }

  private boolean isPickle(String name) {
    return PICKLE_ENDINGS.stream().anyMatch(name::endsWith);
  }
}
