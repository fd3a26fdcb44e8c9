package dev.facet.streaming.adapter.rest;

import dev.facet.streaming.application.PublishedModels;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the published models have been read; from then on no other part need be up. */
@Readiness
@ApplicationScoped
class ModelReadiness implements HealthCheck {
  private final PublishedModels models;

  ModelReadiness(PublishedModels models) {
    this.models = models;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("published-models")
        .status(models.loaded())
        .withData("version", models.now().version())
        .build();
  }
}
