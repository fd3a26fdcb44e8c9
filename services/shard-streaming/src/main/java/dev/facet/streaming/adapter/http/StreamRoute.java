package dev.facet.streaming.adapter.http;

import dev.facet.kernel.identity.BundleId;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.application.Bundles;
import dev.facet.streaming.domain.bundle.Manifest;
import dev.facet.streaming.domain.stream.FrameSelection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * {@code GET /v1/streams/{bundle}?after=N} or {@code ?frames=3,7-9}: the frames of a bundle that
 * are asked for, in priority order, as one response.
 */
@ApplicationScoped
class StreamRoute {
  private static final String PATH = "/v1/streams/:bundle";

  private final Bundles bundles;
  private final BlobCache cache;
  private final BlobStore store;
  private final Deliveries deliveries;
  private final ConnectionTurns turns;

  StreamRoute(
      Bundles bundles,
      BlobCache cache,
      BlobStore store,
      Deliveries deliveries,
      ConnectionTurns turns) {
    this.bundles = bundles;
    this.cache = cache;
    this.store = store;
    this.deliveries = deliveries;
    this.turns = turns;
  }

  void register(@Observes Router router) {
    router.get(PATH).handler(this::answer);
    router.route(PATH).handler(ProblemResponse::methodNotAllowed);
  }

  private void answer(RoutingContext context) {
    HttpServerResponse response = context.response();
    EventLoop loop = EventLoop.current();
    Uni.createFrom()
        .deferred(() -> open(context))
        .emitOn(loop)
        .subscribe()
        .with(
            stream -> stream.start(context.request(), turns, loop),
            failure -> ProblemResponse.send(response, failure));
  }

  private Uni<FrameStream> open(RoutingContext context) {
    HttpServerRequest request = context.request();
    FrameSelection wanted =
        FrameSelection.of(request.getParam("after"), request.getParam("frames"));
    return bundles
        .get(BundleId.parse(context.pathParam("bundle")))
        .chain(bundle -> checked(bundle.manifest(), wanted));
  }

  /** The first frame must be there before 200 is said. */
  private Uni<FrameStream> checked(Manifest manifest, FrameSelection wanted) {
    FrameStream stream = new FrameStream(manifest, wanted, cache, store, deliveries);
    return stream
        .firstFrame()
        .map(first -> cache.length(first).replaceWith(stream))
        .orElseGet(() -> Uni.createFrom().item(stream));
  }
}
