package dev.facet.local.integration;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads a framed stream (docs/wire.md). */
final class Frames {

  private static final int DIGEST_BYTES = 32;

  private Frames() {}

  /**
   * @param index place in the bundle
   * @param sha256 the digest that the header announces
   */
  record Frame(int index, String sha256, byte[] payload) {}

  static List<Frame> parse(byte[] stream) {
    ByteBuffer buffer = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
    List<Frame> frames = new ArrayList<>();
    while (buffer.hasRemaining()) {
      int index = buffer.getInt();
      byte[] payload = new byte[buffer.getInt()];
      byte[] digest = new byte[DIGEST_BYTES];
      buffer.get(digest).get(payload);
      frames.add(new Frame(index, HexFormat.of().formatHex(digest), payload));
    }
    return frames;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
