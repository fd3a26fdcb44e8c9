package dev.facet.quantization.adapter.download;

import dev.facet.quantization.domain.source.AddressRule;
import dev.facet.quantization.domain.source.FetchProblem;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * GET requests that follow redirects by hand. The host of each step is looked up once, its
 * addresses are checked, and the connection goes to the address that was checked: a name that
 * changes its meaning in between gains nothing.
 */
final class GuardedClient {
  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int LONGEST_HEADERS = 1 << 15;

  private final Vertx vertx;
  private final HttpClient client;
  private final HostList hosts;
  private final HostResolver resolver;
  private final boolean privateAddresses;

  GuardedClient(
      Vertx vertx,
      HostList hosts,
      HostResolver resolver,
      boolean privateAddresses,
      Duration silence) {
    this.vertx = vertx;
    this.hosts = hosts;
    this.resolver = resolver;
    this.privateAddresses = privateAddresses;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) silence.toMillis())
                .setReadIdleTimeout((int) silence.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setDecompressionSupported(false)
                .setName("sources"));
  }

  /**
   * Sends a GET and follows redirects; the answer is paused. Fails with a {@link FetchProblem} for
   * a host or address that must not be asked.
   *
   * @param secret value of the Authorization header, for the first host only; null for none
   */
  Future<Reply> get(URI url, MultiMap headers, String secret) {
    return step(new Trail(url), headers, secret);
  }

  void close() {
    client.close();
  }

  private Future<Reply> step(Trail trail, MultiMap headers, String secret) {
    URI url = trail.url();
    return address(url)
        .compose(address -> client.request(options(url, address)))
        .compose(request -> send(request, headers, trail.isFirstHost() ? secret : null))
        .compose(response -> settle(trail, response, headers, secret));
  }

  private Future<HttpClientResponse> send(
      HttpClientRequest request, MultiMap headers, String secret) {
    request.headers().setAll(headers).set("Accept-Encoding", "identity");
    if (secret != null) {
      request.putHeader("Authorization", secret);
    }
    return request.send().onSuccess(HttpClientResponse::pause);
  }

  private Future<Reply> settle(
      Trail trail, HttpClientResponse response, MultiMap headers, String secret) {
    trail.note(response.headers());
    if (!REDIRECTS.contains(response.statusCode())) {
      return Future.succeededFuture(new Reply(response, trail));
    }
    new Reply(response, trail).discard();
    String location = response.getHeader("Location");
    if (location == null || trail.steps() >= MOST_REDIRECTS) {
      return Future.failedFuture(
          new FetchProblem.BadRedirect(
              trail.url().toString(),
              location == null ? "redirects to nowhere" : "is redirected too often"));
    }
    return redirect(trail, location, headers, secret);
  }

  private Future<Reply> redirect(Trail trail, String location, MultiMap headers, String secret) {
    try {
      trail.follow(location);
    } catch (FetchProblem problem) {
      return Future.failedFuture(problem);
    }
    return step(trail, headers, secret);
  }

  private Future<InetAddress> address(URI url) {
    try {
      hosts.require(url);
    } catch (FetchProblem problem) {
      return Future.failedFuture(problem);
    }
    return vertx.executeBlocking(() -> checked(url), false);
  }

  private InetAddress checked(URI url) {
    String host = url.getHost();
    try {
      List<InetAddress> addresses = resolver.resolve(host);
      if (!privateAddresses && !addresses.stream().allMatch(AddressRule::isPublic)) {
        throw new FetchProblem.PrivateAddress(url.toString(), host);
      }
      return addresses.get(0);
    } catch (UnknownHostException e) {
      throw new FetchProblem.Unreachable(url.toString(), host + " has no address");
    }
  }

  /** Name and certificate are the host's, the connection is the checked address's. */
  private static RequestOptions options(URI url, InetAddress address) {
    boolean secure = url.getScheme().equalsIgnoreCase("https");
    int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setHost(url.getHost())
        .setPort(port)
        .setSsl(secure)
        .setURI(pathAndQuery(url))
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()));
  }

  private static String pathAndQuery(URI url) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }
}
