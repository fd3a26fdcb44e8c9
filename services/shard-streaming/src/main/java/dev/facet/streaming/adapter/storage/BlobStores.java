package dev.facet.streaming.adapter.storage;

import dev.facet.kernel.storage.S3Connection;
import dev.facet.streaming.application.BlobStore;
import dev.facet.streaming.config.BlobConfig;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Chooses where blobs are read, at start: from a bucket if one is named, else from the folder. */
@Singleton
@Startup
class BlobStores {
  private final Vertx vertx;
  private final BlobConfig config;
  private final Optional<S3Connection> s3;

  BlobStores(Vertx vertx, BlobConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.s3 = S3Connection.open(config.s3());
    s3.ifPresent(S3Connection::requireBucket);
  }

  @Produces
  @ApplicationScoped
  BlobStore store() {
    return s3.<BlobStore>map(connection -> new S3BlobStore(vertx, connection))
        .orElseGet(() -> new FolderBlobStore(vertx, config.dir()));
  }

  @PreDestroy
  void close() {
    s3.ifPresent(S3Connection::close);
  }
}
