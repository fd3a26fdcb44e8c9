package dev.facet.telemetry.adapter.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.facet.telemetry.application.SessionTokens;
import dev.facet.telemetry.config.SessionConfig;
import dev.facet.telemetry.domain.session.Session;
import dev.facet.telemetry.domain.session.SessionRefused;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;

/** Session tokens as JWTs. The algorithm is pinned to HS256, whatever a token's header says. */
@Startup
@ApplicationScoped
class JwtSessionTokens implements SessionTokens {
  private static final int MIN_SECRET_BYTES = 32;
  private static final int MAX_TOKEN = 4096;
  private static final int CLOCK_SKEW_SECONDS = 30;
  private static final Pattern DEVICE_CLASS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,127}");

  private static final int REMEMBERED = 20_000;

  private final JwtConsumer consumer;
  private final Cache<String, Verified> verified =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  /** A token that held once holds until it expires: a session sends many batches. */
  private record Verified(Session session, NumericDate expires) {}

  JwtSessionTokens(SessionConfig config) {
    byte[] secret = config.secret().getBytes(StandardCharsets.UTF_8);
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "facet.session.secret (FACET_SESSION_SECRET) has %d bytes; HS256 needs at least %d"
              .formatted(secret.length, MIN_SECRET_BYTES));
    }
    this.consumer =
        new JwtConsumerBuilder()
            .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256)
            .setVerificationKey(new HmacKey(secret))
            .setRequireSubject()
            .setRequireExpirationTime()
            .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
            .setSkipDefaultAudienceValidation()
            .build();
  }

  @Override
  public Session verify(String token) {
    if (token == null || token.isEmpty()) {
      throw new SessionRefused("The batch has no session token.");
    }
    if (token.length() > MAX_TOKEN) {
      throw new SessionRefused("The session token is not one of this service.");
    }
    Verified known = verified.getIfPresent(token);
    if (known != null && NumericDate.now().isBefore(known.expires())) {
      return known.session();
    }
    try {
      JwtClaims claims = consumer.processToClaims(token);
      Session session = session(claims);
      verified.put(token, new Verified(session, claims.getExpirationTime()));
      return session;
    } catch (InvalidJwtException e) {
      throw new SessionRefused(
          e.hasErrorCode(ErrorCodes.EXPIRED)
              ? "The session token has expired."
              : "The session token is not one of this service.");
    } catch (MalformedClaimException e) {
      throw new SessionRefused("The session token's claims are malformed.");
    }
  }

  /**
   * The pseudonym comes from claims, not from the token's text, which can be written in several
   * ways that all verify. Browsers with equal reports share a profile, and may register in the same
   * second: the token's own id tells them apart.
   */
  private static Session session(JwtClaims claims) throws MalformedClaimException {
    String deviceClass = claims.getStringClaimValue("deviceClass");
    if (deviceClass == null || !DEVICE_CLASS.matcher(deviceClass).matches()) {
      throw new SessionRefused("The session token names no device class.");
    }
    String identity =
        String.join(
            "|",
            claims.getSubject(),
            String.valueOf(claims.getExpirationTime().getValue()),
            String.valueOf(claims.getJwtId()));
    UUID pseudonym = UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8));
    return new Session(pseudonym.toString(), deviceClass);
  }
}
