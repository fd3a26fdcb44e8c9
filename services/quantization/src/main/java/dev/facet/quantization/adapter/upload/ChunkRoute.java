package dev.facet.quantization.adapter.upload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.problem.DomainProblem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Receives chunks. A chunk is written as it comes, with the sender held back while the disk is
 * behind: no chunk is held in memory, and what came before a cut stays.
 */
@ApplicationScoped
class ChunkRoute {
  private static final Logger LOG = Logger.getLogger(ChunkRoute.class);
  private static final String PATH = "/v1/uploads/:id/files/:name";
  private static final int BEFORE_REST = -100;

  private final UploadStore store;
  private final Vertx vertx;
  private final ObjectMapper json;

  ChunkRoute(UploadStore store, Vertx vertx, ObjectMapper json) {
    this.store = store;
    this.vertx = vertx;
    this.json = json;
  }

  void mount(@Observes Router router) {
    router.route(HttpMethod.PATCH, PATH).order(BEFORE_REST).handler(this::receive);
    router.route(HttpMethod.POST, PATH).order(BEFORE_REST).handler(this::override);
  }

  /** For senders that cannot send PATCH. */
  private void override(RoutingContext context) {
    if ("PATCH".equals(context.request().getHeader("X-HTTP-Method-Override"))) {
      receive(context);
    } else {
      context.next();
    }
  }

  private void receive(RoutingContext context) {
    HttpServerRequest request = context.request().pause();
    request.response().putHeader(TusHeaders.RESUMABLE, TusHeaders.VERSION);
    Future<Long> received;
    try {
      Chunk chunk = Chunk.of(request, context.pathParam("id"), context.pathParam("name"));
      received = new ChunkWriting(vertx, store, request, chunk).run();
    } catch (DomainProblem problem) {
      received = Future.failedFuture(problem);
    }
    received
        .onSuccess(
            offset ->
                request
                    .response()
                    .setStatusCode(204)
                    .putHeader(TusHeaders.OFFSET, String.valueOf(offset))
                    .putHeader(TusHeaders.EXPIRES, UploadsResource.httpDate(store))
                    .end())
        .onFailure(failure -> fail(request, failure));
  }

  /** The rest of the body is not wanted: the connection ends with the answer. */
  private void fail(HttpServerRequest request, Throwable failure) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    if (failure instanceof DomainProblem problem) {
      problem.headers().forEach(response::putHeader);
      response
          .setStatusCode(problem.status())
          .putHeader("Content-Type", "application/problem+json")
          .putHeader("Connection", "close")
          .end(document(problem));
    } else {
      LOG.errorf(failure, "a chunk cannot be stored");
      response.setStatusCode(500).putHeader("Connection", "close").end();
    }
    request.resume();
  }

  private String document(DomainProblem problem) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", problem.type());
    document.put("title", problem.title());
    document.put("status", problem.status());
    document.put("detail", problem.getMessage());
    document.putAll(problem.members());
    try {
      return json.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem of plain values", e);
    }
  }
}
