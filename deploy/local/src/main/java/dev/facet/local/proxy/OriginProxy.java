package dev.facet.local.proxy;

import dev.facet.local.mesh.MeshException;
import dev.facet.local.mesh.MeshOptions;
import dev.facet.local.mesh.Service;
import dev.facet.local.process.PortHolder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** Listens on the one origin and hands each request to the service that answers it. */
public final class OriginProxy implements AutoCloseable {

  private static final int EVENT_LOOPS = 2;

  /** Streams and server-sent events keep a connection each, for as long as they last. */
  private static final int CONNECTIONS_PER_SERVICE = 1024;

  private final Vertx vertx;
  private final HttpServer server;
  private final String host;

  private OriginProxy(Vertx vertx, HttpServer server, String host) {
    this.vertx = vertx;
    this.server = server;
    this.host = host;
  }

  /**
   * Listens; a service that is not up yet is answered for with 503.
   *
   * @param port 0 for any free one
   * @param origins the port of each service on the loopback address
   * @throws MeshException when the port is taken
   */
  public static OriginProxy listen(String host, int port, Map<Service, Integer> origins) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setMaxPoolSize(CONNECTIONS_PER_SERVICE)
                .setKeepAliveTimeout(20)
                .setDecompressionSupported(false));
    HttpProxy proxy = HttpProxy.reverseProxy(client);
    proxy.addInterceptor(new Unavailability());
    proxy.origin((context) -> connect(context, client, origins));
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setCompressionSupported(false)
                // HTTP/2 bodies may come without a length, which the proxy library cannot pass on.
                .setHttp2ClearTextEnabled(false));
    try {
      server
          .requestHandler(proxy)
          .listen(port, host)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      vertx.close();
      throw taken(host, port, e);
    }
    return new OriginProxy(vertx, server, host);
  }

  private static Future<HttpClientRequest> connect(
      ProxyContext context, HttpClient client, Map<Service, Integer> origins) {
    Service service = Routes.serviceFor(context.request().proxiedRequest().path());
    context.set(Unavailability.SERVICE, service);
    return client.request(
        new RequestOptions().setHost(MeshOptions.LOOPBACK).setPort(origins.get(service)));
  }

  private static MeshException taken(String host, int port, Throwable cause) {
    String holder =
        PortHolder.of(port)
            .map(
                process ->
                    " by %s (pid %d)"
                        .formatted(process.info().command().orElse("a process"), process.pid()))
            .orElse("");
    return new MeshException(
        "Port %d on %s is taken%s.%nEnd that process, or choose another port: ./facet up --port %d"
            .formatted(port, host, holder, port + 1),
        cause.getCause());
  }

  /** The port in use. */
  public int port() {
    return server.actualPort();
  }

  /** What to open in a browser; always {@code localhost}, which browsers trust without TLS. */
  public URI url() {
    String name = host.equals(MeshOptions.LOOPBACK) || host.equals("0.0.0.0") ? "localhost" : host;
    return URI.create("http://%s:%d".formatted(name, port()));
  }

  /** Closes all connections. */
  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
