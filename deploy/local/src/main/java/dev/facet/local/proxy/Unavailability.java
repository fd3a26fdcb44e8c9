package dev.facet.local.proxy;

import dev.facet.local.mesh.Service;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;

/**
 * Keeps the origin's own name on requests, so that services make links that browsers can follow,
 * and answers with a problem (RFC 9457) where a service cannot be reached.
 */
final class Unavailability implements ProxyInterceptor {

  /** The attachment that names the service a request went to. */
  static final String SERVICE = "service";

  private static final int BAD_GATEWAY = 502;
  private static final int RETRY_AFTER_S = 2;

  @Override
  public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
    HttpServerRequest request = context.request().proxiedRequest();
    HostAndPort authority = request.authority();
    if (authority != null) {
      context.request().setAuthority(authority);
      context.request().putHeader("X-Forwarded-Host", authority.toString());
    }
    context.request().putHeader("X-Forwarded-Proto", request.scheme());
    context.request().putHeader("X-Forwarded-For", request.remoteAddress().hostAddress());
    return context.sendRequest();
  }

  @Override
  public Future<Void> handleProxyResponse(ProxyContext context) {
    if (context.response().getStatusCode() == BAD_GATEWAY) {
      becomeProblem(context);
    }
    return context.sendResponse();
  }

  private static void becomeProblem(ProxyContext context) {
    Service service = context.get(SERVICE, Service.class);
    String name = service == null ? "The service" : service.folder();
    JsonObject problem =
        new JsonObject()
            .put("type", "https://facet.dev/problems/service-unavailable")
            .put("title", "A service is not available")
            .put("status", 503)
            .put("detail", name + " is starting or being restarted; try again shortly.")
            .put("instance", context.request().proxiedRequest().path());
    ProxyResponse response = context.response();
    response.release();
    response.setStatusCode(503);
    response.setStatusMessage("Service Unavailable");
    response.headers().clear();
    response.putHeader("Content-Type", "application/problem+json");
    response.putHeader("Retry-After", String.valueOf(RETRY_AFTER_S));
    response.putHeader("Cache-Control", "no-store");
    response.setBody(Body.body(Buffer.buffer(problem.encode())));
  }
}
