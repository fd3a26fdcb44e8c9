package dev.facet.quantization.component;

import dev.facet.quantization.adapter.download.LocalHub;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A Hub with the tiny Llama checkpoint. */
public class HubResource implements QuarkusTestResourceLifecycleManager {
  private static final Path TINY = Path.of("src/test/resources/conformance/llama");

  private LocalHub hub;

  @Override
  public Map<String, String> start() {
    hub = new LocalHub();
    try (Stream<Path> files = Files.list(TINY)) {
      for (Path file : files.toList()) {
        hub.file(file.getFileName().toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of(
        "facet.sources.hub.url", hub.url("127.0.0.1").toString(),
        "test.hub", hub.url("127.0.0.1").toString());
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(hub, new TestInjector.MatchesType(LocalHub.class));
  }

  @Override
  public void stop() {
    hub.close();
  }
}
