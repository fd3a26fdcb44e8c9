package dev.facet.capability.adapter.rest;

import dev.facet.capability.application.Catalogue;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the catalogue has been read; from then on plans need no other part to be up. */
@Readiness
@ApplicationScoped
class CatalogueReadiness implements HealthCheck {
  private final Catalogue catalogue;

  CatalogueReadiness(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("catalogue")
        .status(catalogue.loaded())
        .withData("version", catalogue.now().version())
        .build();
  }
}
