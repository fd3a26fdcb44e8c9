package dev.facet.streaming.adapter.http;

import dev.facet.streaming.domain.http.AcceptedEncodings;
import dev.facet.streaming.domain.http.EntityTag;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * The web client's pages and assets from memory, compressed once. Pages are asked for anew each
 * time; assets have a hash in their names and stay.
 */
@ApplicationScoped
class PageRoutes {
  private static final int NOT_MODIFIED = 304;

  private final PageLibrary library;

  PageRoutes(PageLibrary library) {
    this.library = library;
  }

  /** Before the framework's own static files, which know nothing of these headers. */
  void register(@Observes Router router) {
    router
        .route()
        .order(RouteConstants.ROUTE_ORDER_BEFORE_DEFAULT)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(this::answer);
  }

  private void answer(RoutingContext context) {
    library
        .find(context.normalizedPath())
        .ifPresentOrElse(page -> send(context.request(), context.response(), page), context::next);
  }

  private static void send(HttpServerRequest request, HttpServerResponse response, Page page) {
    boolean gzip =
        page.compressed() != null
            && AcceptedEncodings.gzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
    EntityTag tag = gzip ? page.compressedTag() : page.tag();
    response
        .putHeader(HttpHeaders.ETAG, tag.value())
        .putHeader(HttpHeaders.CACHE_CONTROL, page.cacheControl())
        .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    if (tag.noneMatchFails(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(NOT_MODIFIED).end();
      return;
    }
    if (gzip) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    finish(request, response, page.contentType(), gzip ? page.compressed() : page.plain());
  }

  private static void finish(
      HttpServerRequest request, HttpServerResponse response, String contentType, Buffer body) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    if (request.method() == HttpMethod.HEAD) {
      response.end();
    } else {
      response.end(body);
    }
  }
}
