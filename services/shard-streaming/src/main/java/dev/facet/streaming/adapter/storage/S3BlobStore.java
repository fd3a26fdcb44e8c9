package dev.facet.streaming.adapter.storage;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.DomainProblem;
import dev.facet.kernel.problem.NotFound;
import dev.facet.kernel.problem.Unavailable;
import dev.facet.kernel.storage.BlobKey;
import dev.facet.kernel.storage.S3Answers;
import dev.facet.kernel.storage.S3Connection;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.application.DamagedBlob;
import dev.facet.streaming.domain.http.ByteRange;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Blobs in a bucket that quantization writes and this service only reads. */
final class S3BlobStore implements BlobStore {
  private static final Logger LOG = Logger.getLogger(S3BlobStore.class);

  private final Vertx vertx;
  private final S3AsyncClient client;
  private final String bucket;

  S3BlobStore(Vertx vertx, S3Connection connection) {
    this.vertx = vertx;
    this.client = connection.client();
    this.bucket = connection.bucket();
  }

  @Override
  public Uni<OptionalLong> length(Digest blob) {
    return Uni.createFrom()
        .completionStage(() -> client.headObject(head -> head.bucket(bucket).key(BlobKey.of(blob))))
        .map(found -> OptionalLong.of(found.contentLength()))
        .onFailure(S3Answers::isMissingObject)
        .recoverWithItem(OptionalLong.empty())
        .onFailure()
        .transform(failure -> problem(blob, failure));
  }

  /** Asks for one byte more than there may be: enough to tell, and no more has to be held. */
  @Override
  public Uni<byte[]> load(Digest blob, long limit) {
    ByteRange range = new ByteRange(0, limit);
    return Uni.createFrom()
        .completionStage(() -> get(blob, range, AsyncResponseTransformer.toBytes()))
        .map(answer -> answer.asByteArrayUnsafe())
        .onFailure(S3Answers::isBeyondEnd)
        .recoverWithItem(new byte[0])
        .invoke(content -> check(blob, content, limit))
        .onFailure()
        .transform(failure -> problem(blob, failure));
  }

  @Override
  public Uni<Void> pipe(Digest blob, ByteRange range, WriteStream<Buffer> to) {
    return Uni.createFrom()
        .deferred(() -> copy(blob, range, new ObjectPump(vertx.getOrCreateContext(), to)))
        .onFailure(S3Answers::isBeyondEnd)
        .recoverWithItem(0L)
        .invoke(copied -> requireAll(blob, range, copied))
        .onFailure()
        .transform(failure -> problem(blob, failure))
        .replaceWithVoid();
  }

  private Uni<Long> copy(Digest blob, ByteRange range, ObjectPump pump) {
    return Uni.createFrom().completionStage(() -> get(blob, range, pump)).chain(copying -> copying);
  }

  private <T> CompletableFuture<T> get(
      Digest blob, ByteRange range, AsyncResponseTransformer<GetObjectResponse, T> into) {
    String bytes = "bytes=" + range.first() + '-' + range.last();
    return client.getObject(get -> get.bucket(bucket).key(BlobKey.of(blob)).range(bytes), into);
  }

  /** What the caller is told; what the store said is for the log. */
  private static Throwable problem(Digest blob, Throwable failure) {
    if (failure instanceof DomainProblem) {
      return failure;
    }
    if (S3Answers.isMissingObject(failure)) {
      return new NotFound("blob", blob.hex());
    }
    LOG.warnf("blob %s cannot be read: %s", blob.hex(), failure);
    LOG.debug("the store's failure", failure);
    return new Unavailable("blob store", failure);
  }

  private static void check(Digest blob, byte[] content, long limit) {
    if (content.length > limit) {
      throw new DamagedBlob(blob, "is longer than the %d bytes it may have".formatted(limit));
    }
    if (!Digest.of(content).equals(blob)) {
      throw new DamagedBlob(blob, "does not have the content that its name says");
    }
  }

  private static void requireAll(Digest blob, ByteRange range, long copied) {
    if (copied != range.length()) {
      long lack = range.length() - copied;
      throw new DamagedBlob(blob, "ends %d bytes too early".formatted(lack));
    }
  }
}
