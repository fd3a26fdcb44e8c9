package dev.facet.quantization.component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A copy of the tiny Llama checkpoint in the models directory, to be imported or spoiled first. */
public record ModelFolder(Path path) {
  static final Path MODELS = Path.of("target/component/models");
  private static final Path TINY = Path.of("src/test/resources/conformance/llama");
  private static final String WEIGHTS = "model.safetensors";

  /** A copy under a new name. */
  public static ModelFolder copy() {
    return copy(TINY);
  }

  /** A copy of another checkpoint. */
  static ModelFolder copy(Path checkpoint) {
    try {
      Path folder = MODELS.resolve("tiny-" + UUID.randomUUID());
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(checkpoint).filter(Files::isRegularFile)) {
        for (Path file : files.toList()) {
          Files.copy(file, folder.resolve(file.getFileName()));
        }
      }
      return new ModelFolder(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return path.getFileName().toString();
  }

  public ModelFolder edit(String file, UnaryOperator<String> change) {
    return rewrite(
        file,
        bytes ->
            change
                .apply(new String(bytes, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8));
  }

  /** Changes the JSON header of the weights, keeping its length consistent. */
  public ModelFolder editHeader(UnaryOperator<String> change) {
    return rewrite(
        WEIGHTS,
        bytes -> {
          ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          int length = Math.toIntExact(file.getLong());
          String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
          byte[] changed = change.apply(header).getBytes(StandardCharsets.UTF_8);
          return ByteBuffer.allocate(bytes.length - length + changed.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(changed.length)
              .put(changed)
              .put(bytes, 8 + length, bytes.length - 8 - length)
              .array();
        });
  }

  /** Overwrites bytes of the weights, counted from the end. */
  public ModelFolder overwriteEnd(byte... with) {
    return rewrite(
        WEIGHTS,
        bytes -> {
          System.arraycopy(with, 0, bytes, bytes.length - with.length, with.length);
          return bytes;
        });
  }

  public ModelFolder truncate(int lost) {
    return rewrite(WEIGHTS, bytes -> java.util.Arrays.copyOf(bytes, bytes.length - lost));
  }

  public ModelFolder delete(String file) {
    try {
      Files.delete(path.resolve(file));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelFolder rewrite(String file, UnaryOperator<byte[]> change) {
    try {
      Path target = path.resolve(file);
      Files.write(target, change.apply(Files.readAllBytes(target)));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
