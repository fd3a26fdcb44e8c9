package dev.facet.streaming.domain.stream;

import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.domain.bundle.Manifest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The 40 bytes before a frame's payload: u32 index, u32 length (little-endian), SHA-256. */
public final class FrameHeader {
  public static final int BYTES = 40;

  private FrameHeader() {}

  /**
   * @throws IllegalArgumentException if the frame is longer than a u32 can tell
   */
  public static byte[] of(int index, Manifest.Frame frame) {
    if (frame.bytes() > 0xffff_ffffL) {
      throw new IllegalArgumentException("frame " + index + " is too long: " + frame.bytes());
    }
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(index)
        .putInt((int) frame.bytes())
        .put(new Digest(frame.sha256()).bytes())
        .array();
  }
}
