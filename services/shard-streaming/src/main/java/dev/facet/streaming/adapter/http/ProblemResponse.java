package dev.facet.streaming.adapter.http;

import dev.facet.kernel.problem.DomainProblem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

/** RFC 9457 problems for routes outside the REST layer. */
final class ProblemResponse {
  private static final Logger LOG = Logger.getLogger(ProblemResponse.class);
  private static final int INTERNAL_ERROR = 500;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private ProblemResponse() {}

  /**
   * Answers with the problem. When the answer has begun, the connection is cut so that nobody takes
   * it for whole; a caller that has gone away gets nothing.
   */
  static void send(HttpServerResponse response, Throwable failure) {
    if (response.closed() || response.ended()) {
      LOG.debugf("the caller went away: %s", failure.getMessage());
      return;
    }
    if (!(failure instanceof DomainProblem)) {
      LOG.error("request failed", failure);
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    if (failure instanceof DomainProblem problem) {
      problem.headers().forEach(response::putHeader);
      answer(response, document(problem));
    } else {
      answer(response, unexpected());
    }
  }

  /** For methods that a route does not know. */
  static void methodNotAllowed(RoutingContext context) {
    send(
        context.response().putHeader("Allow", "GET, HEAD"),
        new MethodNotAllowed(context.request().method().name()));
  }

  private static void answer(HttpServerResponse response, JsonObject body) {
    int status = body.getInteger("status");
    forgetContent(response, status);
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body.toBuffer());
  }

  /** Headers that spoke of the content which is not sent after all. */
  private static void forgetContent(HttpServerResponse response, int status) {
    response
        .headers()
        .remove(HttpHeaders.ETAG)
        .remove(HttpHeaders.CONTENT_LENGTH)
        .remove("Repr-Digest");
    if (status != RANGE_NOT_SATISFIABLE) {
      response.headers().remove(HttpHeaders.CONTENT_RANGE);
    }
  }

  private static JsonObject document(DomainProblem problem) {
    JsonObject body =
        new JsonObject()
            .put("type", problem.type())
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", problem.getMessage());
    problem.members().forEach(body::put);
    return body;
  }

  private static JsonObject unexpected() {
    return new JsonObject()
        .put("status", INTERNAL_ERROR)
        .put("title", "Internal Server Error")
        .put("detail", "The request could not be answered; it may be tried again.");
  }
}
