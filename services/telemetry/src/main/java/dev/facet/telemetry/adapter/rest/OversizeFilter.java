package dev.facet.telemetry.adapter.rest;

import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.domain.measurement.BatchTooLarge;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Refuses a batch that announces too many bytes before any of them is read. A body that announces
 * no length is refused by {@link BatchDecoder}; the HTTP server's own limit, without a problem
 * document, lies well above.
 */
@ApplicationScoped
class OversizeFilter {
  private static final int BEFORE_SERVER_LIMIT = 1000;

  private final int limit;

  OversizeFilter(IngestConfig config) {
    this.limit = config.maxBytes();
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_SERVER_LIMIT);
  }

  private void check(RoutingContext exchange) {
    if (exchange.request().method() == HttpMethod.POST && announced(exchange) > limit) {
      refuse(exchange);
    } else {
      exchange.next();
    }
  }

  private static long announced(RoutingContext exchange) {
    String length = exchange.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length);
  }

  private void refuse(RoutingContext exchange) {
    BatchTooLarge problem = new BatchTooLarge(limit);
    JsonObject document =
        new JsonObject()
            .put("type", problem.type())
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", problem.getMessage())
            .put("instance", exchange.request().path());
    problem.members().forEach(document::put);
    exchange
        .response()
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(document.toBuffer());
  }
}
