package dev.facet.local.mesh;

import dev.facet.local.process.Child;
import dev.facet.local.process.Termination;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One JVM of a service. */
final class ServicePart implements Part {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(3);

  private final DataDirectory data;
  private final Service service;
  private final String name;
  private final int port;
  private final List<String> command;
  private final Map<String, String> environment;
  private final HttpClient http;

  ServicePart(
      DataDirectory data,
      Service service,
      String name,
      int port,
      Path jar,
      JavaCommand java,
      Map<String, String> environment,
      HttpClient http) {
    this.data = data;
    this.service = service;
    this.name = name;
    this.port = port;
    this.command = java.running(jar, service.jvmOptions(), List.of());
    this.environment = environment;
    this.http = http;
  }

  Service service() {
    return service;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path directory() {
    return data.path();
  }

  @Override
  public Path log() {
    return data.log(name);
  }

  @Override
  public ProcessHandle launch() throws IOException {
    return Child.start(command, directory(), environment, log());
  }

  @Override
  public boolean ready() {
    URI health = URI.create("http://%s:%d/q/health/ready".formatted(MeshOptions.LOOPBACK, port));
    HttpRequest request = HttpRequest.newBuilder(health).timeout(HEALTH_TIMEOUT).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void end(ProcessHandle process) {
    Termination.end(process, PATIENCE);
  }
}
