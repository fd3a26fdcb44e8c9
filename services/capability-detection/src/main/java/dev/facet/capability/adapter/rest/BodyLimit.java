package dev.facet.capability.adapter.rest;

import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Refuses a body that announces more bytes than the server takes, with a problem that says so; the
 * server's own answer, for bodies that announce nothing, has none.
 */
@ApplicationScoped
class BodyLimit {
  private static final int BEFORE_SERVER_LIMIT = 1000;

  private final long limit;

  BodyLimit(VertxHttpConfig server) {
    this.limit = server.limits().maxBodySize().orElseThrow().asLongValue();
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_SERVER_LIMIT);
  }

  private void check(RoutingContext context) {
    if (announced(context) > limit) {
      refuse(context, new BodyTooLarge(limit));
    } else {
      context.next();
    }
  }

  private static long announced(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  private static void refuse(RoutingContext context, BodyTooLarge problem) {
    JsonObject document =
        new JsonObject()
            .put("type", problem.type())
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", problem.getMessage());
    problem.members().forEach(document::put);
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(document.toBuffer());
  }
}
