package dev.facet.quantization.adapter.blobs;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.problem.Unavailable;
import dev.facet.kernel.storage.BlobKey;
import dev.facet.kernel.storage.S3Answers;
import dev.facet.kernel.storage.S3Connection;
import dev.facet.quantization.application.BlobStore;
import dev.facet.quantization.application.MissingBlob;
import io.micrometer.core.instrument.Counter;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.utils.Md5Utils;

/**
 * Blobs as objects. A store shows an object once all of it has arrived; by the checksum sent along
 * it refuses bytes that changed on their way.
 */
final class S3BlobStore implements BlobStore {
  private final S3AsyncClient client;
  private final String bucket;
  private final Counter written;

  /**
   * @param written counts bytes that were not stored before
   */
  S3BlobStore(S3Connection connection, Counter written) {
    this.client = connection.client();
    this.bucket = connection.bucket();
    this.written = written;
  }

  @Override
  public BlobRef put(byte[] bytes) {
    Digest blob = Digest.of(bytes);
    if (!isThere(blob, bytes.length)) {
      write(blob, bytes);
      written.increment(bytes.length);
    }
    return new BlobRef(blob.hex(), bytes.length);
  }

  @Override
  public byte[] read(String sha256) {
    Digest blob = new Digest(sha256);
    byte[] bytes = content(blob);
    if (!Digest.of(bytes).equals(blob)) {
      throw new MissingBlob(sha256, "is damaged", null);
    }
    return bytes;
  }

  /** S3 takes the removal of an object that is not there for done. */
  @Override
  public void remove(String sha256) {
    Digest blob = new Digest(sha256);
    await(ask(() -> client.deleteObject(gone -> gone.bucket(bucket).key(BlobKey.of(blob)))));
  }

  /** One that is not whole does not count. */
  private boolean isThere(Digest blob, long bytes) {
    return await(
        ask(() -> client.headObject(head -> head.bucket(bucket).key(BlobKey.of(blob))))
            .map(found -> found.contentLength() == bytes)
            .onFailure(S3Answers::isMissingObject)
            .recoverWithItem(false));
  }

  /** The bytes are not copied: nobody changes a blob. */
  private void write(Digest blob, byte[] bytes) {
    String md5 = Md5Utils.md5AsBase64(bytes);
    await(
        ask(
            () ->
                client.putObject(
                    put -> put.bucket(bucket).key(BlobKey.of(blob)).contentMD5(md5),
                    AsyncRequestBody.fromBytesUnsafe(bytes))));
  }

  private byte[] content(Digest blob) {
    return await(
        ask(() ->
                client.getObject(
                    get -> get.bucket(bucket).key(BlobKey.of(blob)),
                    AsyncResponseTransformer.toBytes()))
            .map(answer -> answer.asByteArrayUnsafe())
            .onFailure(S3Answers::isMissingObject)
            .transform(e -> new MissingBlob(blob.hex(), "is not in the store", e)));
  }

  private static <T> Uni<T> ask(Supplier<CompletableFuture<T>> request) {
    return Uni.createFrom().completionStage(request);
  }

  /** The port blocks its worker thread; an interrupt ends the request. */
  private static <T> T await(Uni<T> answer) {
    return answer
        .onFailure(failure -> !(failure instanceof MissingBlob))
        .transform(failure -> new Unavailable("blob store", failure))
        .await()
        .indefinitely();
  }
}
