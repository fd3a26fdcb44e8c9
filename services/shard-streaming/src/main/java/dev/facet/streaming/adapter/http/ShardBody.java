package dev.facet.streaming.adapter.http;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.NotFound;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.domain.http.ByteRange;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes a range of a blob by the cheapest way: from memory, by the system from its file, or, where
 * it must take turns with other responses or lies in no file, through a pump.
 */
final class ShardBody {
  private final BlobCache cache;
  private final BlobStore store;
  private final ConnectionTurns turns;

  ShardBody(BlobCache cache, BlobStore store, ConnectionTurns turns) {
    this.cache = cache;
    this.store = store;
    this.turns = turns;
  }

  Uni<Void> send(HttpServerRequest request, Digest digest, long length, ByteRange range) {
    EventLoop loop = EventLoop.current();
    HttpServerResponse response = request.response();
    if (cache.isSmall(length)) {
      return cache
          .content(digest)
          .emitOn(loop)
          .invoke(content -> response.end(slice(content, range)))
          .replaceWithVoid()
          .onFailure()
          .invoke(() -> cache.forget(digest));
    }
    if (ConnectionTurns.shared(request)) {
      return inTurn(request, digest, range, loop);
    }
    Optional<Path> file = store.file(digest);
    return file.isPresent()
        ? sendFile(response, digest, file.get(), range)
        : store.pipe(digest, range, response).emitOn(loop).invoke(() -> response.end());
  }

  private Uni<Void> inTurn(
      HttpServerRequest request, Digest digest, ByteRange range, EventLoop loop) {
    PacedResponse paced = turns.enter(request);
    return paced
        .begin()
        .chain(() -> store.pipe(digest, range, paced))
        .emitOn(loop)
        .invoke(() -> request.response().end())
        .onTermination()
        .invoke(paced::leave);
  }

  private static Buffer slice(byte[] content, ByteRange range) {
    return Buffer.buffer((int) range.length())
        .appendBytes(content, (int) range.first(), (int) range.length());
  }

  private Uni<Void> sendFile(
      HttpServerResponse response, Digest digest, Path file, ByteRange range) {
    return Uni.createFrom()
        .completionStage(
            () ->
                response
                    .sendFile(file.toString(), range.first(), range.length())
                    .toCompletionStage())
        .onFailure(failure -> !response.headWritten() && !response.closed())
        .transform(gone -> gone(digest));
  }

  private Throwable gone(Digest digest) {
    cache.forget(digest);
    return new NotFound("shard", digest.hex());
  }
}
