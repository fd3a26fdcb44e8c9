package dev.facet.streaming.adapter.signing;

import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.application.ManifestSigner;
import dev.facet.streaming.config.SigningConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Arrays;

/** Signs with the key pair of the key file (RFC 8032). */
@Startup
@ApplicationScoped
class Ed25519Signer implements ManifestSigner {
  private static final String ALGORITHM = "Ed25519";
  private static final int RAW_KEY = 32;
  private static final int KEY_ID_DIGITS = 16;

  private final KeyPair keys;
  private final PublicKey published;

  Ed25519Signer(SigningConfig config) {
    this.keys = new KeyFile(config.keyFile()).loadOrCreate();
    byte[] raw = raw(keys.getPublic().getEncoded());
    this.published = new PublicKey(Digest.of(raw).hex().substring(0, KEY_ID_DIGITS), raw);
    checkPair(config);
  }

  /** An X.509 encoding of an Ed25519 key ends with the key itself (RFC 8410). */
  private static byte[] raw(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - RAW_KEY, encoded.length);
  }

  private void checkPair(SigningConfig config) {
    byte[] probe = {1, 2, 3};
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(keys.getPublic());
      verifier.update(probe);
      if (!verifier.verify(sign(probe))) {
        throw new IllegalStateException(
            "private and public key do not belong together in " + config.keyFile());
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("unusable key in " + config.keyFile(), e);
    }
  }

  @Override
  public byte[] sign(byte[] body) {
    try {
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(keys.getPrivate());
      signer.update(body);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing failed", e);
    }
  }

  @Override
  public PublicKey publicKey() {
    return published;
  }
}
