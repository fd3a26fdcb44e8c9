package dev.facet.streaming.adapter.http;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.NotFound;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.config.BlobConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;

/**
 * What is known of blobs without asking the store: lengths, and the whole content of small ones.
 * Blobs never change under their names, so nothing here grows stale but by deletion.
 */
@ApplicationScoped
class BlobCache {
  private static final int LENGTHS = 200_000;

  private final BlobStore store;
  private final long smallUpTo;
  private final Cache<Digest, Long> lengths = Caffeine.newBuilder().maximumSize(LENGTHS).build();
  private final AsyncCache<Digest, byte[]> small;

  BlobCache(BlobStore store, BlobConfig config) {
    this.store = store;
    this.smallUpTo = config.smallUpTo().asLongValue();
    this.small =
        Caffeine.newBuilder()
            .maximumWeight(config.smallInMemory().asLongValue())
            .weigher((Digest blob, byte[] content) -> content.length)
            .buildAsync();
  }

  /** Length of a blob; fails with {@link NotFound} when there is none. */
  Uni<Long> length(Digest blob) {
    Long known = lengths.getIfPresent(blob);
    return known != null
        ? Uni.createFrom().item(known)
        : store
            .length(blob)
            .map(found -> found.orElseThrow(() -> new NotFound("shard", blob.hex())))
            .invoke(length -> lengths.put(blob, length));
  }

  boolean isSmall(long length) {
    return length <= smallUpTo;
  }

  /** All of a small blob, checked against its name when it was read. */
  Uni<byte[]> content(Digest blob) {
    return Uni.createFrom()
        .completionStage(() -> small.get(blob, (key, executor) -> read(key)).copy());
  }

  private CompletableFuture<byte[]> read(Digest blob) {
    return store.load(blob, smallUpTo).subscribeAsCompletionStage();
  }

  /** Forgets a blob that turned out to be gone. */
  void forget(Digest blob) {
    lengths.invalidate(blob);
    small.synchronous().invalidate(blob);
  }
}
