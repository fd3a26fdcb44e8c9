package dev.facet.local.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.local.mesh.MeshException;
import dev.facet.local.mesh.Service;
import dev.facet.local.process.Ports;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OriginProxyTest {

  private final HttpClient http = HttpClient.newHttpClient();
  private final CompletableFuture<HttpServerRequest> streaming = new CompletableFuture<>();
  private Vertx vertx;
  private HttpServer telemetry;
  private OriginProxy proxy;

  @BeforeEach
  void listen() throws Exception {
    vertx = Vertx.vertx();
    telemetry =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    int nobody = Ports.free(1).get(0);
    Map<Service, Integer> origins = new HashMap<>();
    for (Service service : Service.values()) {
      origins.put(service, nobody);
    }
    origins.put(Service.TELEMETRY, telemetry.actualPort());
    proxy = OriginProxy.listen("127.0.0.1", 0, origins);
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request) {
    if (request.path().equals("/v1/telemetry/live")) {
      request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
      request.response().write("data: first\n\n");
      streaming.complete(request);
    } else {
      request.body().onSuccess(body -> request.response().end(echo(request, body.toString())));
    }
  }

  private static String echo(HttpServerRequest request, String body) {
    return new JsonObject()
        .put("method", request.method().name())
        .put("uri", request.uri())
        .put("host", request.authority().toString())
        .put("forwardedHost", request.getHeader("X-Forwarded-Host"))
        .put("body", body)
        .encode();
  }

  @Test
  void passesMethodQueryBodyAndTheOriginsOwnNameOn() throws Exception {
    // When
    HttpRequest request =
        request("/v1/telemetry?a=1&b=%20").POST(HttpRequest.BodyPublishers.ofString("x")).build();
    JsonObject seen =
        new JsonObject(http.send(request, HttpResponse.BodyHandlers.ofString()).body());

    // Then
    String origin = "localhost:" + proxy.port();
    assertThat(seen.getString("method")).isEqualTo("POST");
    assertThat(seen.getString("uri")).isEqualTo("/v1/telemetry?a=1&b=%20");
    assertThat(seen.getString("body")).isEqualTo("x");
    assertThat(seen.getString("host")).isEqualTo(origin);
    assertThat(seen.getString("forwardedHost")).isEqualTo(origin);
  }

  @Test
  void passesABodyOfUnknownLengthOn() throws Exception {
    // When
    HttpRequest request =
        request("/v1/telemetry")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream("unknown".getBytes(StandardCharsets.UTF_8))))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());

    // Then
    assertThat(new JsonObject(response.body()).getString("body")).isEqualTo("unknown");
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
  }

  @Test
  void passesEachEventOnWhileTheStreamIsOpen() throws Exception {
    // When
    HttpResponse<InputStream> response =
        http.send(request("/v1/telemetry/live").build(), HttpResponse.BodyHandlers.ofInputStream());
    String first = new String(response.body().readNBytes("data: first\n\n".length()));
    streaming.join().response().write("data: second\n\n");
    String second = new String(response.body().readNBytes("data: second\n\n".length()));

    // Then
    assertThat(first).isEqualTo("data: first\n\n");
    assertThat(second).isEqualTo("data: second\n\n");
    response.body().close();
  }

  @Test
  void tellsTheServiceWhenAReaderHasGone() throws Exception {
    // Given
    CompletableFuture<Void> gone = new CompletableFuture<>();
    HttpResponse<InputStream> response =
        http.send(request("/v1/telemetry/live").build(), HttpResponse.BodyHandlers.ofInputStream());
    streaming.join().connection().closeHandler(closed -> gone.complete(null));
    streaming.join().response().exceptionHandler(failure -> gone.complete(null));

    // When
    response.body().close();

    // Then
    gone.get(10, TimeUnit.SECONDS);
  }

  @Test
  void cutsTheReaderOffWhenTheServiceDiesInTheMiddle() throws Exception {
    // Given
    HttpResponse<InputStream> response =
        http.send(request("/v1/telemetry/live").build(), HttpResponse.BodyHandlers.ofInputStream());

    // When
    streaming.join().connection().close();

    // Then
    assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(IOException.class);
  }

  @Test
  void answersForAServiceThatIsDownWithAProblem() throws Exception {
    // When
    HttpResponse<String> response =
        http.send(request("/v1/models").build(), HttpResponse.BodyHandlers.ofString());

    // Then
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    assertThat(new JsonObject(response.body()).getString("detail")).startsWith("quantization");
  }

  @Test
  void answersAPostToAServiceThatIsDownToo() throws Exception {
    // When
    HttpRequest request =
        request("/v1/plans").POST(HttpRequest.BodyPublishers.ofString("{}")).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());

    // Then
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(response.body()).getString("instance")).isEqualTo("/v1/plans");
  }

  @Test
  void namesWhoHasThePort() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> OriginProxy.listen("127.0.0.1", taken.getLocalPort(), Map.of()))
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("Port " + taken.getLocalPort())
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(proxy.url() + path));
  }
}
