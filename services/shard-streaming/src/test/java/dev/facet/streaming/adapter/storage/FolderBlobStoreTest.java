package dev.facet.streaming.adapter.storage;

import dev.facet.streaming.application.BlobStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTest extends BlobStoreConformance {
  @TempDir Path folder;

  @Override
  BlobStore empty(Vertx vertx) {
    return new FolderBlobStore(vertx, folder);
  }

  @Override
  void plant(String path, byte[] content) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.write(folder.resolve(path), content);
  }
}
