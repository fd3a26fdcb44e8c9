package dev.facet.kernel.storage;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Settings are whole or absent; a message names the variable that is not as it must be. */
final class S3SettingsCheck {
  private static final String ENDPOINT = "FACET_BLOBS_S3_ENDPOINT";
  private static final String BUCKET = "FACET_BLOBS_S3_BUCKET";
  private static final String REGION = "FACET_BLOBS_S3_REGION";
  private static final String KEY_ID = "AWS_ACCESS_KEY_ID";
  private static final String KEY = "AWS_SECRET_ACCESS_KEY";
  private static final Set<String> SCHEMES = Set.of("http", "https");

  private S3SettingsCheck() {}

  static void require(S3Settings settings) {
    requireBoth(ENDPOINT, settings.endpoint(), BUCKET, settings.bucket());
    requireBoth(REGION, settings.region(), BUCKET, settings.bucket());
    requireBoth(BUCKET, settings.bucket(), REGION, settings.region());
    settings.endpoint().ifPresent(S3SettingsCheck::requireAddress);
    if (settings.bucket().isPresent()) {
      requireBoth(KEY_ID, settings.accessKeyId(), KEY, settings.secretAccessKey());
      requireBoth(KEY, settings.secretAccessKey(), KEY_ID, settings.accessKeyId());
    }
  }

  private static void requireBoth(
      String given, Optional<?> value, String lacking, Optional<?> other) {
    if (value.isPresent() && other.isEmpty()) {
      throw new InvalidS3Settings(
          "%s is set but %s is not: set both, or neither".formatted(given, lacking));
    }
  }

  private static void requireAddress(URI endpoint) {
    if (endpoint.getHost() == null || !SCHEMES.contains(endpoint.getScheme())) {
      throw new InvalidS3Settings(
          "%s is %s, which is no address such as http://host:port".formatted(ENDPOINT, endpoint));
    }
  }
}
