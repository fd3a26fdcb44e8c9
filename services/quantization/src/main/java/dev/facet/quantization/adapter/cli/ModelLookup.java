package dev.facet.quantization.adapter.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the folder of a checkpoint by its path, or by its name in one of several folders. */
final class ModelLookup {
  private static final String CONFIG = "config.json";

  private final List<Path> folders;

  /**
   * @param folders searched in this order
   */
  ModelLookup(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /** The models of this installation, then the samples that come with it. */
  static ModelLookup standard() {
    List<Path> folders = new ArrayList<>();
    String data = System.getenv("FACET_DATA");
    if (data != null) {
      folders.add(Path.of(data, "models"));
    }
    folders.add(Path.of("samples"));
    return new ModelLookup(folders);
  }

  Optional<Path> find(String model) {
    return Stream.concat(
            Stream.of(Path.of(model)), folders.stream().map(folder -> folder.resolve(model)))
        .filter(ModelLookup::isCheckpoint)
        .findFirst();
  }

  /** A folder as the Hub has it, a GGUF file, or a folder with one. */
  private static boolean isCheckpoint(Path path) {
    if (Files.isRegularFile(path)) {
      return isGguf(path);
    }
    if (Files.isRegularFile(path.resolve(CONFIG))) {
      return true;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.anyMatch(ModelLookup::isGguf);
    } catch (IOException notThere) {
      return false;
    }
  }

  private static boolean isGguf(Path path) {
    return path.toString().endsWith(".gguf");
  }

  /** Names that could have been asked for. */
  List<String> known() {
    List<String> names = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> entries = Files.list(folder)) {
        entries
            .filter(ModelLookup::isCheckpoint)
            .map(path -> path.getFileName().toString())
            .sorted()
            .forEach(names::add);
      } catch (IOException notThere) {
        continue;
      }
    }
    return names.stream().distinct().toList();
  }
}
