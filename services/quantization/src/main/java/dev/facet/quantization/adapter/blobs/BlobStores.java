package dev.facet.quantization.adapter.blobs;

import dev.facet.kernel.storage.S3Connection;
import dev.facet.quantization.application.BlobStore;
import dev.facet.quantization.config.BlobsConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Chooses where blobs are kept, at start: a bucket if one is named, else the folder. */
@Singleton
@Startup
class BlobStores {
  private final BlobsConfig config;
  private final MeterRegistry meters;
  private final Optional<S3Connection> s3;

  BlobStores(BlobsConfig config, MeterRegistry meters) {
    this.config = config;
    this.meters = meters;
    this.s3 = S3Connection.open(config.s3());
    s3.ifPresent(S3Connection::requireBucket);
  }

  @Produces
  @ApplicationScoped
  BlobStore store() {
    Counter written = written(meters);
    return s3.<BlobStore>map(connection -> new S3BlobStore(connection, written))
        .orElseGet(() -> new FolderBlobStore(config.dir(), written));
  }

  static Counter written(MeterRegistry meters) {
    return Counter.builder("facet.blobs.written")
        .baseUnit("bytes")
        .description("Bytes of blobs that were not stored before")
        .register(meters);
  }

  @PreDestroy
  void close() {
    s3.ifPresent(S3Connection::close);
  }
}
