package dev.facet.kernel.identity;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-256 of a blob, which is also its name.
 *
 * @param hex 64 lower-case hex digits
 */
public record Digest(String hex) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws InvalidIdentity if the text is not 64 lower-case hex digits
   */
  public Digest {
    if (hex == null || !FORM.matcher(hex).matches()) {
      throw new InvalidIdentity("digest", hex, "64 lower-case hex digits of a SHA-256");
    }
  }

  /** Digest of all bytes given. */
  public static Digest of(byte[] bytes) {
    return of(ByteBuffer.wrap(bytes));
  }

  /** Digest of the remaining bytes of the buffer, which is left drained. */
  public static Digest of(ByteBuffer bytes) {
    MessageDigest sha = sha256();
    sha.update(bytes);
    return new Digest(HexFormat.of().formatHex(sha.digest()));
  }

  /** A fresh SHA-256, for content that comes in pieces. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The 32 bytes behind the digits. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** First 12 digits: how revisions are written. */
  public String abbreviated() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return hex;
  }
}
