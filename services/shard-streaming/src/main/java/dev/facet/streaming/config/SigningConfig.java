package dev.facet.streaming.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Signatures of manifests. */
@ConfigMapping(prefix = "facet.signing")
public interface SigningConfig {
  /**
   * PEM file with the Ed25519 key pair (FACET_SIGNING_KEY_FILE); made on first start, same for all
   * replicas.
   */
  @WithDefault("data/signing-key.pem")
  Path keyFile();
}
