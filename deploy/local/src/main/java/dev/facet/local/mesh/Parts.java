package dev.facet.local.mesh;

import dev.facet.local.process.Ports;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The parts of a mesh with their ports.
 *
 * @param stores PostgreSQL and Kafka, which the services need
 * @param services the services with their replicas
 */
record Parts(List<Part> stores, List<ServicePart> services) {

  private static final int STORE_PORTS = 3;

  /** Chooses free ports and makes the folders that the services expect. */
  static Parts plan(MeshOptions options, DataDirectory data, Path models) throws IOException {
    Files.createDirectories(data.blobs());
    Files.createDirectories(models);
    Secrets secrets = new Secrets(data.secrets());
    JavaCommand java = new JavaCommand();
    Iterator<Integer> ports = Ports.free(STORE_PORTS + processes(options)).iterator();
    Part database = new DatabasePart(data, secrets, ports.next());
    Part broker =
        new BrokerPart(data, options.installation().brokerJar(), java, ports.next(), ports.next());
    ServiceEnvironment environment =
        new ServiceEnvironment(
            data,
            models,
            secrets,
            database.port(),
            broker.port(),
            options.installation().validationText(),
            options.environment());
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    List<ServicePart> services = new ArrayList<>();
    for (Service service : Service.values()) {
      for (int replica = 1; replica <= replicas(options, service); replica++) {
        int port = ports.next();
        String name = replica == 1 ? service.folder() : service.folder() + "-" + replica;
        services.add(
            new ServicePart(
                data,
                service,
                name,
                port,
                options.installation().serviceJar(service),
                java,
                environment.of(service, port),
                http));
      }
    }
    return new Parts(List.of(database, broker), services);
  }

  private static int processes(MeshOptions options) {
    int sum = 0;
    for (Service service : Service.values()) {
      sum += replicas(options, service);
    }
    return sum;
  }

  private static int replicas(MeshOptions options, Service service) {
    return options.replicas().getOrDefault(service, 1);
  }

  /** The port that requests for each service go to: that of its first replica. */
  Map<Service, Integer> origins() {
    Map<Service, Integer> origins = new EnumMap<>(Service.class);
    services.forEach(part -> origins.putIfAbsent(part.service(), part.port()));
    return origins;
  }
}
