package dev.facet.kernel.ladder;

import dev.facet.kernel.identity.Digest;

/**
 * A blob by name and size.
 *
 * @param sha256 digest in hex
 * @param bytes length of the blob
 */
public record BlobRef(String sha256, long bytes) {
  /**
   * @throws dev.facet.kernel.identity.InvalidIdentity if the digest is malformed
   */
  public BlobRef {
    new Digest(sha256);
    if (bytes < 0) {
      throw new IllegalArgumentException("a blob has no negative length: " + bytes);
    }
  }
}
