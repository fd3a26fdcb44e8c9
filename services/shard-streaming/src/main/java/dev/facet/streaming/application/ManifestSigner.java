package dev.facet.streaming.application;

/** Signs manifests with the service's Ed25519 key. */
public interface ManifestSigner {
  /**
   * @param id first 16 hex digits of the SHA-256 over the raw public key
   * @param raw the 32 bytes of the public key
   */
  record PublicKey(String id, byte[] raw) {}

  /** Signature over exactly these bytes. */
  byte[] sign(byte[] body);

  PublicKey publicKey();
}
