package dev.facet.kernel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.testing.S3Server;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3ConnectionTest {
  private static final Map<String, String> WHOLE =
      Map.of(
          "blobs.endpoint", "http://127.0.0.1:1",
          "blobs.bucket", "some-bucket",
          "blobs.region", "us-east-1",
          "blobs.access-key-id", "someone",
          "blobs.secret-access-key", "secret");

  private static Map<String, String> with(String name, String value) {
    Map<String, String> changed = new HashMap<>(WHOLE);
    changed.put("blobs." + name, value);
    return changed;
  }

  private static S3Connection open(Map<String, String> properties) {
    return S3Connection.open(S3Server.settings(properties)).orElseThrow();
  }

  @Test
  void isNotMadeUnlessABucketIsNamed() {
    assertThat(S3Connection.open(S3Server.settings(Map.of()))).isEmpty();
  }

  @Test
  void isMadeOfWholeSettings() {
    try (S3Connection made = open(WHOLE)) {
      assertThat(made.bucket()).isEqualTo("some-bucket");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bucket, FACET_BLOBS_S3_BUCKET",
    "region, FACET_BLOBS_S3_REGION",
    "access-key-id, AWS_ACCESS_KEY_ID",
    "secret-access-key, AWS_SECRET_ACCESS_KEY"
  })
  void saysWhatIsLacking(String lacking, String variable) {
    Map<String, String> half = new HashMap<>(WHOLE);
    half.remove("blobs." + lacking);

    assertThatThrownBy(() -> open(half))
        .isInstanceOf(InvalidS3Settings.class)
        .hasMessageContaining(variable + " is not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3:8333", "ftp://s3:8333", "store", "http:///path"})
  void saysWhatIsNoAddress(String endpoint) {
    assertThatThrownBy(() -> open(with("endpoint", endpoint)))
        .isInstanceOf(InvalidS3Settings.class)
        .hasMessageContaining("FACET_BLOBS_S3_ENDPOINT is " + endpoint);
  }

  /** The keys of the usual AWS variables, which are properties of that name in every service. */
  @Test
  void takesTheKeyFromTheUsualVariables() {
    Map<String, String> half = new HashMap<>(WHOLE);
    half.remove("blobs.access-key-id");
    half.remove("blobs.secret-access-key");
    half.put("AWS_ACCESS_KEY_ID", "someone");

    assertThatThrownBy(() -> open(half)).hasMessageContaining("AWS_SECRET_ACCESS_KEY is not");

    half.put("AWS_SECRET_ACCESS_KEY", "secret");
    assertThat(S3Server.settings(half).secretAccessKey()).contains("secret");
  }

  @Test
  void findsItsBucketOrSaysThatThereIsNone() throws Exception {
    try (S3Server server = S3Server.start()) {
      server.connection().requireBucket();
      Map<String, String> elsewhere = new HashMap<>(server.properties());
      elsewhere.put("blobs.bucket", "another-bucket");
      try (S3Connection connection = open(elsewhere)) {
        assertThatThrownBy(connection::requireBucket)
            .isInstanceOf(InvalidS3Settings.class)
            .hasMessageContaining("has no bucket another-bucket");
      }
    }
  }

  @Test
  void doesNotMindAStoreThatIsAwayAtTheStart() {
    try (S3Connection connection = open(WHOLE)) {
      assertThatCode(connection::requireBucket).doesNotThrowAnyException();
    }
  }
}
