package dev.facet.telemetry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.telemetry.TestSessions;
import dev.facet.telemetry.domain.session.Session;
import dev.facet.telemetry.domain.session.SessionRefused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtSessionTokensTest {
  private static final String OTHER_SECRET =
      "another-secret-that-is-long-enough-for-the-algorithms";

  private final JwtSessionTokens tokens = new JwtSessionTokens(() -> TestSessions.SECRET);

  @Test
  void readsTheDeviceClass() {
    Session session = tokens.verify(TestSessions.token("wasm-mt.chromium.8g"));

    assertThat(session.deviceClass()).isEqualTo("wasm-mt.chromium.8g");
  }

  @Test
  void oneTokenIsOneSessionAndItsPseudonymIsNotTheProfile() {
    JwtClaims claims = TestSessions.claims("wasm", 60);
    String token = sign(claims);

    assertThat(tokens.verify(token)).isEqualTo(tokens.verify(token));
    assertThat(tokens.verify(token).id()).isNotEqualTo(claims.getClaimValue("sub"));
    assertThat(tokens.verify(TestSessions.token("wasm"))).isNotEqualTo(tokens.verify(token));
  }

  @Test
  void tokensOfOneProfileMadeInTheSameSecondAreTwoSessions() {
    JwtClaims first = TestSessions.claims("wasm", 60);
    first.setJwtId("one");
    JwtClaims second = TestSessions.claims("wasm", 60);
    second.setSubject((String) first.getClaimValue("sub"));
    second.setClaim("exp", first.getClaimValue("exp"));
    second.setJwtId("two");

    assertThat(tokens.verify(sign(first)).id()).isNotEqualTo(tokens.verify(sign(second)).id());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "a.b.c", "not a token"})
  void refusesWhatIsNoToken(String token) {
    assertThatThrownBy(() -> tokens.verify(token))
        .isInstanceOf(SessionRefused.class)
        .hasMessageContaining("POST /v1/profiles");
  }

  @Test
  void refusesAnExpiredToken() {
    assertThatThrownBy(() -> tokens.verify(sign(TestSessions.claims("wasm", -60))))
        .isInstanceOf(SessionRefused.class)
        .hasMessageContaining("expired");
  }

  @Test
  void refusesAnotherKey() {
    String token =
        TestSessions.token(
            TestSessions.claims("wasm", 60), OTHER_SECRET, AlgorithmIdentifiers.HMAC_SHA256);

    assertThatThrownBy(() -> tokens.verify(token)).isInstanceOf(SessionRefused.class);
  }

  @Test
  void refusesOtherAlgorithmsOfTheSameKey() {
    String key = TestSessions.SECRET + "-long-enough-for-sixty-four-bytes-of-key";
    JwtSessionTokens strict = new JwtSessionTokens(() -> key);
    String token =
        TestSessions.token(TestSessions.claims("wasm", 60), key, AlgorithmIdentifiers.HMAC_SHA512);

    assertThatThrownBy(() -> strict.verify(token)).isInstanceOf(SessionRefused.class);
  }

  @Test
  void refusesATokenThatIsNotSigned() {
    String unsigned =
        base64("{\"alg\":\"none\"}") + "." + base64(TestSessions.claims("wasm", 60).toJson()) + ".";

    assertThatThrownBy(() -> tokens.verify(unsigned)).isInstanceOf(SessionRefused.class);
  }

  @Test
  void refusesMissingClaims() {
    JwtClaims endless = TestSessions.claims("wasm", 60);
    endless.unsetClaim("exp");
    JwtClaims nobody = TestSessions.claims("wasm", 60);
    nobody.unsetClaim("sub");
    JwtClaims unclassed = TestSessions.claims("wasm", 60);
    unclassed.unsetClaim("deviceClass");

    assertThatThrownBy(() -> tokens.verify(sign(endless))).isInstanceOf(SessionRefused.class);
    assertThatThrownBy(() -> tokens.verify(sign(nobody))).isInstanceOf(SessionRefused.class);
    assertThatThrownBy(() -> tokens.verify(sign(unclassed))).isInstanceOf(SessionRefused.class);
  }

  @Test
  void aShortSecretStopsTheService() {
    assertThatThrownBy(() -> new JwtSessionTokens(() -> "short"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FACET_SESSION_SECRET");
  }

  private static String sign(JwtClaims claims) {
    return TestSessions.token(claims, TestSessions.SECRET, AlgorithmIdentifiers.HMAC_SHA256);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
