package dev.facet.kernel.testing;

import dev.facet.kernel.storage.S3Connection;
import dev.facet.kernel.storage.S3Settings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobProviderMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.domain.Blob;

/**
 * A real S3 server on a free port, behind a link that tests may cut; its one bucket is in memory
 * and gone with it.
 */
public final class S3Server implements AutoCloseable {
  private static final String BUCKET = "facet-blobs";
  private static final String REGION = "us-east-1";
  private static final String KEY_ID = "tester";
  private static final String KEY = "a-key-for-tests-only";

  private final BlobStoreContext storage;
  private final S3Proxy server;
  private final FaultyLink link;
  private final S3Connection connection;

  private S3Server(BlobStoreContext storage, S3Proxy server) throws Exception {
    this.storage = storage;
    this.server = server;
    this.link = FaultyLink.to(server.getPort());
    this.connection = S3Connection.open(settings(properties())).orElseThrow();
  }

  /** Starts a server with an empty bucket. */
  public static S3Server start() throws Exception {
    BlobStoreContext storage =
        ContextBuilder.newBuilder(new TransientNio2BlobProviderMetadata())
            .credentials(KEY_ID, KEY)
            .build(BlobStoreContext.class);
    storage.getBlobStore().createContainerInLocation(null, BUCKET);
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(storage.getBlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY_ID, KEY)
            .build();
    server.start();
    return new S3Server(storage, server);
  }

  /** A connection that a service would make; it ends with the server. */
  public S3Connection connection() {
    return connection;
  }

  /** What lies between every client and the server. */
  public FaultyLink link() {
    return link;
  }

  /** Puts an object into the bucket behind the server's back. */
  public void plant(String key, byte[] content) {
    BlobStore bucket = storage.getBlobStore();
    bucket.putBlob(
        BUCKET,
        bucket.blobBuilder(key).payload(content).contentLength((long) content.length).build());
  }

  /** What the bucket holds under a key, read behind the server's back. */
  public Optional<byte[]> content(String key) throws Exception {
    Blob found = storage.getBlobStore().getBlob(BUCKET, key);
    return found == null
        ? Optional.empty()
        : Optional.of(found.getPayload().openStream().readAllBytes());
  }

  /** Settings that lead here, as properties below {@code blobs}. */
  public Map<String, String> properties() {
    return Map.of(
        "blobs.endpoint", endpoint(),
        "blobs.bucket", BUCKET,
        "blobs.region", REGION,
        "blobs.access-key-id", KEY_ID,
        "blobs.secret-access-key", KEY);
  }

  /** Settings that lead here, as a service's environment. */
  public Map<String, String> environment() {
    return Map.of(
        "FACET_BLOBS_S3_ENDPOINT", endpoint(),
        "FACET_BLOBS_S3_BUCKET", BUCKET,
        "FACET_BLOBS_S3_REGION", REGION,
        "AWS_ACCESS_KEY_ID", KEY_ID,
        "AWS_SECRET_ACCESS_KEY", KEY);
  }

  private String endpoint() {
    return "http://127.0.0.1:" + link.port();
  }

  /** Settings made of properties that begin with {@code blobs}. */
  public static S3Settings settings(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withMapping(S3Settings.class, "blobs")
        .withSources(new PropertiesConfigSource(properties, "test", 500))
        .build()
        .getConfigMapping(S3Settings.class, "blobs");
  }

  @Override
  public void close() throws Exception {
    connection.close();
    link.close();
    server.stop();
    storage.close();
  }
}
