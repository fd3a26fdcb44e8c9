package dev.facet.local.integration;

import dev.facet.local.mesh.Installation;
import dev.facet.local.mesh.Mesh;
import dev.facet.local.mesh.MeshOptions;
import dev.facet.local.mesh.Progress;
import dev.facet.local.mesh.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test classes the one mesh that they all share; it is started for the first of them and
 * ended after the last.
 */
final class SharedMesh implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SharedMesh.class))
        .getOrComputeIfAbsent(Running.class, type -> new Running(), Running.class);
  }

  /** The mesh, and what tests use of it. */
  static final class Running implements AutoCloseable, CloseableResource {

    static final double TARGET_MS_PER_TOKEN = 50;

    /** Quick to notice a worker that died; small measurements; points of any quality allowed. */
    private static final Map<String, String> ENVIRONMENT =
        Map.of(
            "FACET_TUNER_TARGET_MS_PER_TOKEN", String.valueOf(TARGET_MS_PER_TOKEN),
            "FACET_TUNER_MAX_MEAN_KL", "1000",
            "FACET_WORK_LEASE", "10s",
            "FACET_WORK_RENEW_EVERY", "2s",
            "FACET_WORK_SWEEP_EVERY", "1s",
            "FACET_VALIDATION_WINDOWS", "2",
            "FACET_VALIDATION_CONTEXT", "64",
            "FACET_VALIDATION_REFUSE", "false",
            "FACET_CALIBRATION_WINDOWS", "4",
            "FACET_CALIBRATION_CONTEXT", "64");

    private final Path data;
    private Mesh mesh;
    private Origin origin;

    private Running() {
      try {
        Path target = Path.of(System.getProperty("facet.root"), "deploy/local/target");
        data = Files.createTempDirectory(target.toRealPath(), "mesh");
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      start(1);
    }

    private void start(int quantizations) {
      MeshOptions options =
          MeshOptions.at(Installation.find(), data)
              .withEnvironment(ENVIRONMENT)
              .withReplicas(Map.of(Service.QUANTIZATION, quantizations));
      mesh = Mesh.start(options, Progress.SILENT);
      origin = new Origin(mesh.url());
    }

    /** Ends all processes and starts them again on the same data. */
    void restart(int quantizations) {
      mesh.close();
      start(quantizations);
    }

    Origin origin() {
      return origin;
    }

    Mesh mesh() {
      return mesh;
    }

    Models models() {
      return new Models(origin, mesh.models());
    }

    Database database(Service service) {
      return new Database(mesh, service);
    }

    Records records() {
      return new Records(mesh.process("kafka").orElseThrow().port());
    }

    /** The name of each service with the origin of its own. */
    Map<Service, Origin> services() {
      return Map.of(
          Service.CAPABILITY_DETECTION, direct(Service.CAPABILITY_DETECTION),
          Service.QUANTIZATION, direct(Service.QUANTIZATION),
          Service.SHARD_STREAMING, direct(Service.SHARD_STREAMING),
          Service.TELEMETRY, direct(Service.TELEMETRY));
    }

    private Origin direct(Service service) {
      int port = mesh.process(service.folder()).orElseThrow().port();
      return new Origin(URI.create("http://127.0.0.1:" + port));
    }

    @Override
    public void close() throws IOException {
      if (mesh != null) {
        mesh.close();
      }
      if (Boolean.getBoolean("facet.keep-data")) {
        return;
      }
      List<Path> deepestFirst;
      try (Stream<Path> paths = Files.walk(data)) {
        deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }
}
