package dev.facet.local.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The checkout that the mesh is run from.
 *
 * @param root the folder with the {@code facet} script
 */
public record Installation(Path root) {

  /** The checkout named by the system property {@code facet.root}, else the one of this program. */
  public static Installation find() {
    String named = System.getProperty("facet.root");
    Path root = named == null ? aboveThisProgram() : Path.of(named);
    return new Installation(root.toAbsolutePath().normalize());
  }

  private static Path aboveThisProgram() {
    try {
      Path program =
          Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (Path folder = program; folder != null; folder = folder.getParent()) {
        if (Files.isRegularFile(folder.resolve("facet"))) {
          return folder;
        }
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    throw new MeshException("Facet's checkout was not found; set the property facet.root to it.");
  }

  /** What {@code quarkus-run.jar} a service is started from. */
  public Path serviceJar(Service service) {
    return built(
        root.resolve("services")
            .resolve(service.folder())
            .resolve("target/quarkus-app/quarkus-run.jar"));
  }

  /** The program of the Kafka node. */
  public Path brokerJar() {
    return built(root.resolve("deploy/local/broker/target/facet-broker.jar"));
  }

  /** Where data is kept unless told otherwise. */
  public Path defaultData() {
    String named = System.getenv("FACET_DATA");
    return named == null ? root.resolve(".facet/data") : Path.of(named);
  }

  /** The folders of the sample models, by name. */
  public List<Path> samples() {
    Path folder = root.resolve("samples");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> Files.isRegularFile(child.resolve("config.json")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The held-out text that comes with the samples, by which points are measured. */
  public Path validationText() {
    return root.resolve("samples/text/docs-dev.txt");
  }

  private static Path built(Path jar) {
    if (Files.notExists(jar)) {
      throw new MeshException(
          "Not built yet: %s%nRun ./facet up, or mvn -DskipTests install.".formatted(jar));
    }
    return jar;
  }
}
