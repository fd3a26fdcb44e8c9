package dev.facet.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.local.mesh.Service;
import dev.facet.local.process.Ports;
import dev.facet.local.process.ProcessRecord;
import dev.facet.local.process.ResidentMemory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/**
 * How one process is.
 *
 * @param uptime since it began; zero when it does not run
 * @param memoryBytes physical memory held; 0 when unknown
 */
record ProcessStatus(ProcessRecord process, Health health, Duration uptime, long memoryBytes) {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  enum Health {
    UP,
    STARTING,
    DOWN
  }

  static ProcessStatus of(ProcessRecord process) {
    if (process.find().isEmpty()) {
      return new ProcessStatus(process, Health.DOWN, Duration.ZERO, 0);
    }
    Duration uptime =
        process.startedAt() == null
            ? Duration.ZERO
            : Duration.between(process.startedAt(), Instant.now());
    long memory = ResidentMemory.of(process.pid()).orElse(0);
    return new ProcessStatus(process, health(process), uptime, memory);
  }

  private static Health health(ProcessRecord process) {
    boolean serves = isService(process) ? reportsReady(process) : Ports.accepts(process.port());
    return serves ? Health.UP : Health.STARTING;
  }

  private static boolean isService(ProcessRecord process) {
    return Arrays.stream(Service.values())
        .anyMatch(service -> process.name().startsWith(service.folder()));
  }

  private static boolean reportsReady(ProcessRecord process) {
    URI health = URI.create("http://127.0.0.1:%d/q/health/ready".formatted(process.port()));
    HttpRequest request = HttpRequest.newBuilder(health).timeout(TIMEOUT).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  boolean up() {
    return health == Health.UP;
  }

  private String word() {
    return health.name().toLowerCase(Locale.ROOT);
  }

  ObjectNode toJson(ObjectNode json) {
    json.put("name", process.name()).put("pid", process.pid()).put("port", process.port());
    json.put("health", word()).put("uptimeSeconds", uptime.toSeconds());
    return json.put("memoryBytes", memoryBytes);
  }

  static String heading() {
    return "  %-22s %8s %6s  %-8s %9s %8s%n"
        .formatted("process", "pid", "port", "health", "uptime", "memory");
  }

  String toText() {
    return "  %-22s %8d %6d  %-8s %9s %5d MB%n"
        .formatted(
            process.name(),
            process.pid(),
            process.port(),
            word(),
            clock(),
            memoryBytes / 1_000_000);
  }

  private String clock() {
    return "%d:%02d:%02d"
        .formatted(uptime.toHours(), uptime.toMinutesPart(), uptime.toSecondsPart());
  }
}
