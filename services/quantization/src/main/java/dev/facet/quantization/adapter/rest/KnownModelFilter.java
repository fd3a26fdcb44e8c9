package dev.facet.quantization.adapter.rest;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.application.BrowseModels;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Answers 404 for a model that is not there. */
class KnownModelFilter {
  private final BrowseModels models;

  KnownModelFilter(BrowseModels models) {
    this.models = models;
  }

  @KnownModel
  @ServerRequestFilter
  Uni<Void> requireModel(UriInfo uri) {
    return models.one(new ModelId(uri.getPathParameters().getFirst("id"))).replaceWithVoid();
  }
}
