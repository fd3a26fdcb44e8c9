package dev.facet.streaming.application;

import dev.facet.streaming.domain.bundle.Manifest;

/**
 * A manifest ready to be sent.
 *
 * @param body its JSON
 * @param compressed the same through gzip
 * @param sha256 digest of the body, in hex
 * @param signature value of the {@code Facet-Signature} header
 */
public record SignedManifest(
    Manifest manifest, byte[] body, byte[] compressed, String sha256, String signature) {}
