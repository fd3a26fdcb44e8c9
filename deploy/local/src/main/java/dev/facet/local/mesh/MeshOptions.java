package dev.facet.local.mesh;

import java.nio.file.Path;
import java.util.Map;

/**
 * How a mesh is to be run.
 *
 * @param installation the checkout with the built programs
 * @param data where everything is kept
 * @param models where models are looked up by name; null for {@code models} in the data directory
 * @param host the address the one origin listens on
 * @param port its port; 0 for any free one
 * @param environment variables given to every service on top of the launcher's own
 * @param replicas how many processes of a service to run; one where the map says nothing
 */
public record MeshOptions(
    Installation installation,
    Path data,
    Path models,
    String host,
    int port,
    Map<String, String> environment,
    Map<Service, Integer> replicas) {

  public static final String LOOPBACK = "127.0.0.1";

  /** A mesh with its data at the given place, on any free port. */
  public static MeshOptions at(Installation installation, Path data) {
    return new MeshOptions(installation, data, null, LOOPBACK, 0, Map.of(), Map.of());
  }

  public MeshOptions withPort(int newPort) {
    return new MeshOptions(installation, data, models, host, newPort, environment, replicas);
  }

  public MeshOptions withHost(String newHost) {
    return new MeshOptions(installation, data, models, newHost, port, environment, replicas);
  }

  public MeshOptions withModels(Path newModels) {
    return new MeshOptions(installation, data, newModels, host, port, environment, replicas);
  }

  public MeshOptions withEnvironment(Map<String, String> variables) {
    return new MeshOptions(installation, data, models, host, port, Map.copyOf(variables), replicas);
  }

  public MeshOptions withReplicas(Map<Service, Integer> counts) {
    return new MeshOptions(installation, data, models, host, port, environment, Map.copyOf(counts));
  }
}
