package dev.facet.local.broker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** The formatted log directory of the node. */
final class Storage {

  private Storage() {}

  /**
   * Formats the log directory unless that was done before. A marker is written last, so that a
   * directory left half formatted by a crash is formatted afresh.
   *
   * @throws IOException when the directory cannot be written or Kafka refuses it
   */
  static void prepare(BrokerOptions options, Properties settings) throws IOException {
    Path marker = options.directory().resolve("formatted");
    if (Files.exists(marker)) {
      return;
    }
    deleteRecursively(options.logDirectory());
    Files.createDirectories(options.logDirectory());
    format(options.directory().resolve("format.properties"), settings);
    Files.createFile(marker);
  }

  private static void format(Path file, Properties settings) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      settings.store(out, null);
    }
    var output = new ByteArrayOutputStream();
    String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
    int status =
        StorageTool.execute(arguments, new PrintStream(output, true, StandardCharsets.UTF_8));
    Files.delete(file);
    if (status != 0) {
      throw new IOException(
          "Kafka could not format its directory: " + output.toString(StandardCharsets.UTF_8));
    }
  }

  private static void deleteRecursively(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(directory)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
