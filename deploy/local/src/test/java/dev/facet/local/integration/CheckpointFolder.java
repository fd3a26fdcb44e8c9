package dev.facet.local.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A checkpoint as its files, to be written whole or broken in one place. */
final class CheckpointFolder {

  static final String WEIGHTS = "model.safetensors";
  static final String CONFIG = "config.json";

  private static final Pattern DEEPER = Pattern.compile("^__metadata__$|\\.layers\\.[2-9]\\.");
  private static final String CONFORMANCE =
      "services/quantization/src/test/resources/conformance/llama";

  private final Map<String, byte[]> files;

  private CheckpointFolder(Map<String, byte[]> files) {
    this.files = files;
  }

  /** A Llama of two layers, 64 wide, which is quantized in a second or two. */
  static CheckpointFolder small() {
    return read(Path.of(System.getProperty("facet.root"), CONFORMANCE));
  }

  /**
   * The first two layers of a sample, whose tensor groups take long enough for a worker to die over
   * one.
   */
  static CheckpointFolder wide() {
    return read(Path.of(System.getProperty("facet.root"), "samples/docs-29m"))
        .replacing(CONFIG, "\"num_hidden_layers\": 8", "\"num_hidden_layers\": 2")
        .with(WEIGHTS, content -> Safetensors.keeping(content, DEEPER.asPredicate().negate()));
  }

  private static CheckpointFolder read(Path folder) {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : new String[] {CONFIG, WEIGHTS, "tokenizer.json"}) {
      try {
        files.put(name, Files.readAllBytes(folder.resolve(name)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new CheckpointFolder(files);
  }

  CheckpointFolder with(String name, UnaryOperator<byte[]> change) {
    Map<String, byte[]> changed = new TreeMap<>(files);
    changed.compute(name, (key, content) -> change.apply(content));
    return new CheckpointFolder(changed);
  }

  CheckpointFolder without(String name) {
    Map<String, byte[]> changed = new TreeMap<>(files);
    changed.remove(name);
    return new CheckpointFolder(changed);
  }

  /** With one text in config.json, or in another file of text, replaced. */
  CheckpointFolder replacing(String name, String text, String by) {
    return with(
        name,
        content -> {
          String before = new String(content, StandardCharsets.UTF_8);
          if (!before.contains(text)) {
            throw new IllegalArgumentException(name + " does not contain " + text);
          }
          return before.replace(text, by).getBytes(StandardCharsets.UTF_8);
        });
  }

  /** With the header of its weights changed, their bytes as they were. */
  CheckpointFolder withHeader(UnaryOperator<String> change) {
    return with(WEIGHTS, content -> Safetensors.withHeader(content, change));
  }

  void writeTo(Path folder) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
