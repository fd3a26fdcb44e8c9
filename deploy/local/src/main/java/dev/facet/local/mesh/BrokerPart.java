package dev.facet.local.mesh;

import dev.facet.local.process.Child;
import dev.facet.local.process.Ports;
import dev.facet.local.process.Termination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The Kafka node. */
final class BrokerPart implements Part {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final DataDirectory data;
  private final JavaCommand java;
  private final int port;
  private final int controllerPort;
  private final Path jar;

  BrokerPart(DataDirectory data, Path jar, JavaCommand java, int port, int controllerPort) {
    this.data = data;
    this.jar = jar;
    this.java = java;
    this.port = port;
    this.controllerPort = controllerPort;
  }

  @Override
  public String name() {
    return "kafka";
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
    return data.log(name());
  }

  @Override
  public ProcessHandle launch() throws IOException {
    Files.createDirectories(data.kafka());
    Files.deleteIfExists(readyFile());
    List<String> command =
        java.running(
            jar,
            List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
            List.of(
                data.kafka().toString(),
                String.valueOf(port),
                String.valueOf(controllerPort),
                readyFile().toString()));
    return Child.start(command, directory(), Map.of(), log());
  }

  private Path readyFile() {
    return data.kafka().resolve("ready");
  }

  @Override
  public boolean ready() {
    return Files.exists(readyFile()) && Ports.accepts(port);
  }

  @Override
  public void end(ProcessHandle process) {
    Termination.end(process, PATIENCE);
  }
}
