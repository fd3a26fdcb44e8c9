package dev.facet.telemetry.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OtlpMetersTest {
  @Test
  void metersReachACollector() throws Exception {
    BlockingQueue<String> received = new ArrayBlockingQueue<>(4);
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/metrics",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    URI url = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics");
    try {
      MeterRegistry registry = OtlpMeters.sendingTo(url, Duration.ofHours(1), "telemetry");
      registry.counter("facet.client.loads", "model", "docs-29m").increment(3);

      registry.close();

      String metrics = received.poll(10, TimeUnit.SECONDS);
      assertThat(metrics).contains("facet.client.loads", "docs-29m", "service.name", "telemetry");
    } finally {
      collector.stop(0);
    }
  }
}
