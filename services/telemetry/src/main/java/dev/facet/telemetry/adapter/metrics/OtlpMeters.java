package dev.facet.telemetry.adapter.metrics;

import dev.facet.telemetry.config.OtlpConfig;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The meters of {@code /q/metrics}, sent to an OpenTelemetry collector where one is named. */
@ApplicationScoped
class OtlpMeters {
  private final OtlpConfig config;
  private final String service;
  private MeterRegistry sent;

  OtlpMeters(OtlpConfig config, @ConfigProperty(name = "quarkus.application.name") String service) {
    this.config = config;
    this.service = service;
  }

  void start(@Observes StartupEvent event) {
    config
        .url()
        .ifPresent(
            url -> {
              sent = sendingTo(url, config.every(), service);
              Metrics.addRegistry(sent);
            });
  }

  void end(@Observes ShutdownEvent event) {
    if (sent != null) {
      Metrics.removeRegistry(sent);
      sent.close();
    }
  }

  static MeterRegistry sendingTo(URI url, Duration every, String service) {
    Map<String, String> settings =
        Map.of(
            "otlp.url",
            url.toString(),
            "otlp.step",
            every.toString(),
            "otlp.resourceAttributes",
            "service.name=" + service + ",service.namespace=facet");
    return new OtlpMeterRegistry(settings::get, Clock.SYSTEM);
  }
}
