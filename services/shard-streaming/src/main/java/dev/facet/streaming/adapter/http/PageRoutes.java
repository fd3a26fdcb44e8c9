package dev.facet.streaming.adapter.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Addresses of pages; their files come from the browser client's jar through the static resources.
 */
@ApplicationScoped
class PageRoutes {
  private static final String DASHBOARD = "/dashboard/index.html";

  void register(@Observes Router router) {
    router.get("/dashboard").handler(PageRoutes::dashboard);
  }

  /** Only the exact address: below it lie files. */
  private static void dashboard(RoutingContext context) {
    if (context.normalizedPath().equals("/dashboard")) {
      context.reroute(DASHBOARD);
    } else {
      context.next();
    }
  }
}
