package dev.facet.streaming.adapter.http;

import dev.facet.streaming.domain.http.Priority;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Turns of the responses on each HTTP/2 connection. */
@ApplicationScoped
class ConnectionTurns {
  private final Vertx vertx;
  private final Map<HttpConnection, Turns> byConnection = new ConcurrentHashMap<>();

  ConnectionTurns(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Whether responses to the request may meet others on its connection. */
  static boolean shared(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }

  /** The response to a request among others of its connection, until it leaves. */
  PacedResponse enter(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    Turns turns =
        byConnection.computeIfAbsent(
            connection, key -> new Turns(() -> byConnection.remove(connection)));
    Priority priority = Priority.of(request.getHeader("Priority"));
    PacedResponse response = new PacedResponse(vertx, request.response(), priority, turns);
    turns.enter(response);
    return response;
  }
}
