package dev.facet.streaming.adapter.storage;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.NotFound;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.application.DamagedBlob;
import dev.facet.streaming.domain.http.ByteRange;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

/** Blobs in a folder that quantization writes and this service only reads. */
final class FolderBlobStore implements BlobStore {
  private static final int FAN_OUT = 2;

  private final Vertx vertx;
  private final Path root;

  FolderBlobStore(Vertx vertx, Path root) {
    this.vertx = vertx;
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public Uni<OptionalLong> length(Digest blob) {
    return offLoop(() -> lengthOf(path(blob)));
  }

  @Override
  public Uni<byte[]> load(Digest blob, long limit) {
    return offLoop(() -> read(blob, limit));
  }

  @Override
  public Uni<Void> pipe(Digest blob, ByteRange range, WriteStream<Buffer> to) {
    return Uni.createFrom()
        .emitter(emitter -> new FilePump(vertx, blob, path(blob), range, to).start(emitter));
  }

  @Override
  public Optional<Path> file(Digest blob) {
    return Optional.of(path(blob));
  }

  /** Where a blob lies. A digest is hex digits only; the check stands for the day it is not. */
  private Path path(Digest blob) {
    Path path = root.resolve(blob.hex().substring(0, FAN_OUT)).resolve(blob.hex()).normalize();
    if (!path.startsWith(root)) {
      throw new NotFound("blob", blob.hex());
    }
    return path;
  }

  private static OptionalLong lengthOf(Path path) throws IOException {
    return Files.isRegularFile(path) ? OptionalLong.of(Files.size(path)) : OptionalLong.empty();
  }

  private byte[] read(Digest blob, long limit) throws IOException {
    Path path = path(blob);
    try {
      if (Files.size(path) > limit) {
        throw new DamagedBlob(blob, "is longer than the %d bytes it may have".formatted(limit));
      }
      byte[] content = Files.readAllBytes(path);
      if (!Digest.of(content).equals(blob)) {
        throw new DamagedBlob(blob, "does not have the content that its name says");
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new NotFound("blob", blob.hex());
    }
  }

  private <T> Uni<T> offLoop(Callable<T> work) {
    return Uni.createFrom()
        .completionStage(() -> vertx.executeBlocking(work, false).toCompletionStage());
  }
}
