package dev.facet.kernel.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * A client of one bucket. Objects are addressed by path and checksums are left out where they may
 * be, because stores other than AWS often know neither names of buckets in host names nor trailing
 * checksums.
 */
public final class S3Connection implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(S3Connection.class);
  private static final Duration START_CHECK = Duration.ofSeconds(10);
  private static final int NOT_FOUND = 404;

  private final S3AsyncClient client;
  private final String bucket;

  private S3Connection(S3AsyncClient client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /**
   * Opens no socket yet.
   *
   * @return empty if no bucket is named
   * @throws InvalidS3Settings if only a part of what is needed is set
   */
  public static Optional<S3Connection> open(S3Settings settings) {
    S3SettingsCheck.require(settings);
    return settings.bucket().map(bucket -> new S3Connection(client(settings), bucket));
  }

  /**
   * Asks the store whether it has the bucket; blocks for ten seconds at most. A store that does not
   * answer yet is only logged: services and store may start in any order.
   *
   * @throws InvalidS3Settings if there is no such bucket
   */
  public void requireBucket() {
    try {
      client
          .headBucket(
              head ->
                  head.bucket(bucket)
                      .overrideConfiguration(limits -> limits.apiCallTimeout(START_CHECK)))
          .join();
    } catch (CompletionException e) {
      if (S3Answers.status(e.getCause()) == NOT_FOUND) {
        throw new InvalidS3Settings(
            "the S3 store has no bucket %s: create it, or correct FACET_BLOBS_S3_BUCKET"
                .formatted(bucket));
      }
      LOG.warnf("bucket %s could not be checked at start: %s", bucket, e.getCause().getMessage());
    }
  }

  /** Asynchronous; its threads must not be blocked. */
  public S3AsyncClient client() {
    return client;
  }

  public String bucket() {
    return bucket;
  }

  @Override
  public void close() {
    client.close();
  }

  private static S3AsyncClient client(S3Settings settings) {
    return S3AsyncClient.builder()
        .applyMutation(builder -> settings.endpoint().ifPresent(builder::endpointOverride))
        .region(Region.of(settings.region().orElseThrow()))
        .credentialsProvider(credentials(settings))
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .httpClientBuilder(
            NettyNioAsyncHttpClient.builder()
                .maxConcurrency(settings.maxConnections())
                .readTimeout(settings.silence())
                .writeTimeout(settings.silence()))
        .build();
  }

  private static AwsCredentialsProvider credentials(S3Settings settings) {
    return settings.accessKeyId().isEmpty()
        ? DefaultCredentialsProvider.builder().build()
        : StaticCredentialsProvider.create(key(settings));
  }

  private static AwsCredentials key(S3Settings settings) {
    String id = settings.accessKeyId().orElseThrow();
    String secret = settings.secretAccessKey().orElseThrow();
    return settings
        .sessionToken()
        .<AwsCredentials>map(token -> AwsSessionCredentials.create(id, secret, token))
        .orElseGet(() -> AwsBasicCredentials.create(id, secret));
  }
}
