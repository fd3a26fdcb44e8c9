package dev.facet.quantization.adapter.upload;

import dev.facet.quantization.domain.source.UploadProblem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** The checksum that was announced for a chunk, computed as it comes. */
final class ChunkChecksum {
  static final Map<String, String> ALGORITHMS = Map.of("sha1", "SHA-1", "sha256", "SHA-256");

  private final String algorithm;
  private final byte[] expected;
  private final MessageDigest digest;

  private ChunkChecksum(String algorithm, byte[] expected, MessageDigest digest) {
    this.algorithm = algorithm;
    this.expected = expected;
    this.digest = digest;
  }

  /**
   * @param header algorithm and base64 digest; null for none
   * @return null for none
   */
  static ChunkChecksum of(String header) {
    if (header == null) {
      return null;
    }
    String[] parts = header.trim().split(" ", 2);
    try {
      if (parts.length == 2 && ALGORITHMS.containsKey(parts[0])) {
        MessageDigest digest = MessageDigest.getInstance(ALGORITHMS.get(parts[0]));
        return new ChunkChecksum(parts[0], Base64.getDecoder().decode(parts[1].trim()), digest);
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + parts[0], e);
    } catch (IllegalArgumentException e) {
      throw new UploadProblem.BadHeader(TusHeaders.CHECKSUM, "has no base64 digest");
    }
    throw new UploadProblem.BadHeader(
        TusHeaders.CHECKSUM, "must be sha1 or sha256 and a base64 digest");
  }

  void update(byte[] bytes) {
    digest.update(bytes);
  }

  void require(String file) {
    if (!MessageDigest.isEqual(expected, digest.digest())) {
      throw new UploadProblem.WrongChecksum(file, algorithm);
    }
  }
}
