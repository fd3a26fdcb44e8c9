package dev.facet.quantization.adapter.download;

import dev.facet.quantization.domain.checkpoint.CheckpointProblem;
import dev.facet.quantization.domain.checkpoint.JsonSource;
import dev.facet.quantization.domain.source.FetchProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which files of a source are a checkpoint. */
final class SourceFiles {
  static final String CONFIG = "config.json";
  static final String GENERATION_CONFIG = "generation_config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
  private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl)");
  private static final int MOST_SHARDS = 4096;
  private static final long LARGEST_INDEX = 64L << 20;

  private SourceFiles() {}

  /**
   * Of a repository's files the one that holds, or lists, the weights.
   *
   * @throws FetchProblem.NoModel if there is none, or several
   */
  static String weights(String source, List<String> files) {
    for (String usual : List.of(INDEX, SINGLE)) {
      if (files.contains(usual)) {
        return usual;
      }
    }
    List<String> ggufs =
        files.stream()
            .filter(name -> name.endsWith(".gguf") && PLAIN.matcher(name).matches())
            .toList();
    if (ggufs.size() == 1) {
      return ggufs.get(0);
    }
    if (ggufs.size() > 1) {
      throw new FetchProblem.NoModel(
          source, "has several models; name one: " + source + "#" + ggufs.get(0));
    }
    files.stream()
        .filter(name -> PICKLE.matcher(name).matches())
        .findFirst()
        .ifPresent(
            pickle -> {
              throw new CheckpointProblem.PickledWeights(pickle);
            });
    throw new FetchProblem.NoModel(source, "has neither safetensors nor GGUF files");
  }

  /**
   * The files that an index names, each once. Blocks.
   *
   * @throws CheckpointProblem if it names what is no safetensors file in its own folder
   */
  static List<String> shards(Path index, JsonSource json) {
    try {
      if (Files.size(index) > LARGEST_INDEX) {
        throw new CheckpointProblem.MalformedJson(INDEX, "is larger than " + LARGEST_INDEX);
      }
      Map<String, Object> content = json.object(Files.readAllBytes(index));
      TreeSet<String> names = new TreeSet<>();
      if (content.get("weight_map") instanceof Map<?, ?> map) {
        map.values().forEach(name -> names.add(shard(String.valueOf(name))));
      }
      if (names.isEmpty() || names.size() > MOST_SHARDS) {
        throw new CheckpointProblem.MalformedJson(
            INDEX, "names %d files; 1 to %d are possible".formatted(names.size(), MOST_SHARDS));
      }
      return List.copyOf(names);
    } catch (JsonSource.MalformedJsonException e) {
      throw new CheckpointProblem.MalformedJson(INDEX, e.getMessage());
    } catch (IOException e) {
      throw new CheckpointProblem.Unreadable(INDEX, e.getClass().getSimpleName());
    }
  }

  private static String shard(String name) {
    if (PICKLE.matcher(name).matches()) {
      throw new CheckpointProblem.PickledWeights(name);
    }
    if (!PLAIN.matcher(name).matches()) {
      throw new CheckpointProblem.PathOutsideFolder(name);
    }
    if (!name.endsWith(".safetensors")) {
      throw new CheckpointProblem.MalformedJson(INDEX, name + " is no safetensors file");
    }
    return name;
  }
}
