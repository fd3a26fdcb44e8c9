package dev.facet.capability.adapter.session;

import dev.facet.capability.application.SessionTokens;
import dev.facet.capability.config.SessionConfig;
import dev.facet.capability.domain.plan.Device;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** JWTs signed with HMAC-SHA256 and a secret that telemetry shares. */
@ApplicationScoped
class JwtSessionTokens implements SessionTokens {
  private static final Duration SHORTEST = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofMinutes(60);

  private final SecretKey key;
  private final Duration lifetime;

  JwtSessionTokens(SessionConfig config) {
    if (config.lifetime().compareTo(SHORTEST) < 0 || config.lifetime().compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "facet.session.lifetime must lie between 15 and 60 minutes, not " + config.lifetime());
    }
    this.key = new SecretKeySpec(config.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    this.lifetime = config.lifetime();
  }

  @Override
  public Session issue(Device device) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant expiresAt = now.plus(lifetime);
    String token =
        Jwt.claims()
            .subject(device.profile().toString())
            .claim("deviceClass", device.deviceClass().name())
            .claim("jti", UUID.randomUUID().toString())
            .issuedAt(now)
            .expiresAt(expiresAt)
            .jws()
            .algorithm(SignatureAlgorithm.HS256)
            .sign(key);
    return new Session(token, expiresAt);
  }
}
