package dev.facet.streaming.adapter.http;

import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.domain.http.ByteRange;
import dev.facet.streaming.domain.http.ByteRanges;
import dev.facet.streaming.domain.http.EntityTag;
import dev.facet.streaming.domain.http.RangeAnswer;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Base64;

/** {@code GET|HEAD /v1/shards/{sha256}}: any blob by its name, whole or in part. */
@ApplicationScoped
class ShardRoute {
  private static final String PATH = "/v1/shards/:sha256";
  private static final String FOREVER = "public, max-age=31536000, immutable";
  private static final int NOT_MODIFIED = 304;
  private static final int PARTIAL = 206;

  private final BlobCache cache;
  private final ShardBody body;

  ShardRoute(BlobCache cache, BlobStore store, ConnectionTurns turns) {
    this.cache = cache;
    this.body = new ShardBody(cache, store, turns);
  }

  void register(@Observes Router router) {
    router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::answer);
    router.route(PATH).handler(ProblemResponse::methodNotAllowed);
  }

  /** When the caller goes away, reading stops. */
  private void answer(RoutingContext context) {
    HttpServerResponse response = context.response();
    EventLoop loop = EventLoop.current();
    Cancellable answering =
        Uni.createFrom()
            .deferred(() -> find(context))
            .emitOn(loop)
            .chain(shard -> answer(context.request(), response, shard))
            .subscribe()
            .with(done -> {}, failure -> ProblemResponse.send(response, failure));
    if (!response.ended()) {
      response.closeHandler(v -> answering.cancel());
    }
  }

  private record Shard(Digest digest, long length) {}

  private Uni<Shard> find(RoutingContext context) {
    Digest digest = new Digest(context.pathParam("sha256"));
    return cache.length(digest).map(length -> new Shard(digest, length));
  }

  private Uni<Void> answer(HttpServerRequest request, HttpServerResponse response, Shard shard) {
    EntityTag tag = EntityTag.of(shard.digest().hex());
    describe(response, shard.digest(), tag);
    if (tag.noneMatchFails(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(NOT_MODIFIED).end();
      return Uni.createFrom().voidItem();
    }
    RangeAnswer asked = asked(request, tag, shard.length());
    if (asked instanceof RangeAnswer.Part part) {
      return part(request, response, shard, part.range());
    }
    if (asked instanceof RangeAnswer.Unsatisfiable) {
      response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + shard.length());
      return Uni.createFrom().failure(new RangeNotSatisfiable(shard.length()));
    }
    return whole(request, response, shard);
  }

  private static RangeAnswer asked(HttpServerRequest request, EntityTag tag, long length) {
    boolean counts =
        request.method() == HttpMethod.GET && tag.allowsRange(request.getHeader("If-Range"));
    return counts ? ByteRanges.parse(request.getHeader("Range"), length) : new RangeAnswer.Whole();
  }

  private static void describe(HttpServerResponse response, Digest digest, EntityTag tag) {
    String sha256 = Base64.getEncoder().encodeToString(digest.bytes());
    response
        .putHeader(HttpHeaders.ETAG, tag.value())
        .putHeader(HttpHeaders.CACHE_CONTROL, FOREVER)
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader("Repr-Digest", "sha-256=:" + sha256 + ':')
        .putHeader("Cross-Origin-Resource-Policy", "cross-origin");
  }

  private Uni<Void> part(
      HttpServerRequest request, HttpServerResponse response, Shard shard, ByteRange range) {
    response
        .setStatusCode(PARTIAL)
        .putHeader(HttpHeaders.CONTENT_RANGE, range.contentRange(shard.length()));
    return send(request, response, shard, range);
  }

  private Uni<Void> whole(HttpServerRequest request, HttpServerResponse response, Shard shard) {
    if (shard.length() == 0) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, "0").end();
      return Uni.createFrom().voidItem();
    }
    return send(request, response, shard, ByteRange.whole(shard.length()));
  }

  private Uni<Void> send(
      HttpServerRequest request, HttpServerResponse response, Shard shard, ByteRange range) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()));
    if (request.method() == HttpMethod.HEAD) {
      response.end();
      return Uni.createFrom().voidItem();
    }
    return body.send(request, shard.digest(), shard.length(), range);
  }
}
