package dev.facet.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Session tokens as capability-detection signs them. */
public final class TestSessions {
  public static final String SECRET = "a-secret-for-development-and-tests-only";

  private TestSessions() {}

  /** A token of a new profile that holds for an hour. */
  public static String token(String deviceClass) {
    return token(claims(deviceClass, 3600), SECRET, AlgorithmIdentifiers.HMAC_SHA256);
  }

  /** Claims of a new profile. */
  public static JwtClaims claims(String deviceClass, int secondsToLive) {
    JwtClaims claims = new JwtClaims();
    claims.setSubject(UUID.randomUUID().toString());
    claims.setStringClaim("deviceClass", deviceClass);
    NumericDate expires = NumericDate.now();
    expires.addSeconds(secondsToLive);
    claims.setExpirationTime(expires);
    return claims;
  }

  public static String token(JwtClaims claims, String secret, String algorithm) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setAlgorithmHeaderValue(algorithm);
    signature.setKey(new HmacKey(secret.getBytes(StandardCharsets.UTF_8)));
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }
}
