package dev.facet.streaming.application;

import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.domain.http.ByteRange;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Content-addressed blobs. Reading never blocks an event loop. All calls fail with {@link
 * dev.facet.kernel.problem.Unavailable} when the store is elsewhere and does not answer.
 */
public interface BlobStore {
  /** Bytes of a blob; empty when there is none of that name. */
  Uni<OptionalLong> length(Digest blob);

  /**
   * A whole blob, checked against its name.
   *
   * @param limit bytes that it may have at most
   * @return fails with {@link DamagedBlob} if the content is not what the name says or is longer,
   *     with {@link dev.facet.kernel.problem.NotFound} if there is none
   */
  Uni<byte[]> load(Digest blob, long limit);

  /**
   * Writes a range at the speed of the receiver, which is not ended. Cancelling the Uni stops
   * reading.
   *
   * @return completes when all has been handed over; fails with {@link DamagedBlob} when the blob
   *     is too short, with {@link dev.facet.kernel.problem.NotFound} if there is none
   */
  Uni<Void> pipe(Digest blob, ByteRange range, WriteStream<Buffer> to);

  /**
   * The blob as a local file, if this store has one, for senders that leave copying to the system.
   */
  default Optional<Path> file(Digest blob) {
    return Optional.empty();
  }
}
