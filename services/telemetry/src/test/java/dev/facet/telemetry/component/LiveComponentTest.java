package dev.facet.telemetry.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.PrecisionPolicyChanged;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.telemetry.application.LiveFeed;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@Timeout(30)
class LiveComponentTest {
  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  @Inject LiveFeed feed;

  @TestHTTPResource("/v1/telemetry/live")
  URI live;

  @Test
  void showsMeasurementsAndPoliciesAsTheyHappen() throws Exception {
    Fleet fleet = new Fleet(connector);
    HttpResponse<InputStream> response = open();
    try (BufferedReader lines = reader(response)) {
      assertThat(response.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
      assertThat(lines.readLine()).startsWith(":");

      ClientMetricsReported report = Fleet.report("live-1", "wasm.live", "full-4", 40, false);
      fleet.tell("live-metrics", report);
      JsonNode generation = event(lines, "generation");
      assertThat(generation.get("model").textValue()).isEqualTo("live-1");
      assertThat(generation.get("deviceClass").textValue()).isEqualTo("wasm.live");
      assertThat(generation.get("decodeMsPerToken").doubleValue()).isEqualTo(40);
      assertThat(generation.toString()).doesNotContain(report.session()).doesNotContain("plan");

      fleet.tell("live-metrics", Fleet.failure("live-1", "wasm.live"));
      assertThat(event(lines, "failure").get("code").textValue()).isEqualTo("nothing-fits");

      fleet.tell("live-policies", changed());
      JsonNode policy = event(lines, "policy");
      assertThat(policy.get("point").textValue()).isEqualTo("full-3");
      assertThat(policy.get("previous").textValue()).isEqualTo("full-4");
      assertThat(policy.get("targetMsPerToken").doubleValue()).isEqualTo(100);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> feed.viewers() == 0);
  }

  @Test
  void aRecordThatIsNoEventEndsNoStream() throws Exception {
    Fleet fleet = new Fleet(connector);
    try (BufferedReader lines = reader(open())) {
      lines.readLine();
      fleet.tell(
          "live-metrics",
          Fleet.malformed(Fleet.failure("live-2", "wasm.live"), new CompletableFuture<>()));

      fleet.tell("live-metrics", Fleet.failure("live-2", "wasm.live"));

      assertThat(event(lines, "failure").get("model").textValue()).isEqualTo("live-2");
    }
  }

  private HttpResponse<InputStream> open() throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private static BufferedReader reader(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The data of the next event, which must have this name. */
  private static JsonNode event(BufferedReader lines, String name) throws IOException {
    String line = lines.readLine();
    while (line.isEmpty() || line.startsWith(":")) {
      line = lines.readLine();
    }
    assertThat(line.replace(" ", "")).isEqualTo("event:" + name);
    String data = lines.readLine();
    while (!data.startsWith("data:")) {
      data = lines.readLine();
    }
    return new ObjectMapper().readTree(data.substring("data:".length()));
  }

  private static PrecisionPolicyChanged changed() {
    return new PrecisionPolicyChanged(
        "live-1",
        "wasm.live",
        "full-3",
        "full-4",
        "A reason.",
        new PrecisionPolicyChanged.Evidence("full-4", 3, 140, 160, 100),
        Instant.now());
  }
}
