package dev.facet.quantization.domain.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads a header from the front of a file through a small window; never past its limit. */
final class GgufCursor {
  private static final int WINDOW = 1 << 16;

  /** A vocabulary of 2^20 tokens with merges and scores fits; lies do not fill the heap. */
  private static final long LARGEST_HEADER = 64L << 20;

  private final String file;
  private final FileChannel channel;
  private final long size;
  private final long limit;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
  private long windowEnd;

  /**
   * @param size length of the file
   */
  GgufCursor(String file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
    this.limit = Math.min(size, LARGEST_HEADER);
    window.limit(0);
  }

  /** Offset of the next byte. */
  long offset() {
    return windowEnd - window.remaining();
  }

  /** Bytes that a header may still have. */
  long remaining() {
    return limit - offset();
  }

  int u8() {
    return need(1).get() & 0xff;
  }

  int u16() {
    return need(2).getShort() & 0xffff;
  }

  long u32() {
    return need(4).getInt() & 0xffffffffL;
  }

  /** 64 bits, to be taken as unsigned. */
  long u64() {
    return need(8).getLong();
  }

  /**
   * A length-prefixed UTF-8 string.
   *
   * @param longest bytes allowed
   */
  String string(long longest) {
    long at = offset();
    long length = u64();
    if (length < 0 || length > longest) {
      throw new GgufProblem.MalformedHeader(
          file,
          at,
          "a string of %s bytes; at most %d are possible"
              .formatted(Long.toUnsignedString(length), longest));
    }
    require(length);
    byte[] utf8 = new byte[(int) length];
    fill(utf8);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new GgufProblem.MalformedHeader(file, at, "a string is not UTF-8");
    }
  }

  /** Passes over bytes. */
  void skip(long bytes) {
    require(bytes);
    long target = offset() + bytes;
    if (bytes <= window.remaining()) {
      window.position(window.position() + (int) bytes);
    } else {
      windowEnd = target;
      window.position(0).limit(0);
    }
  }

  private void fill(byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      if (!window.hasRemaining()) {
        refill(1);
      }
      int now = Math.min(bytes.length - done, window.remaining());
      window.get(bytes, done, now);
      done += now;
    }
  }

  private ByteBuffer need(int bytes) {
    if (window.remaining() < bytes) {
      require(bytes);
      refill(bytes);
    }
    return window;
  }

  private void require(long bytes) {
    if (bytes <= remaining()) {
      return;
    }
    if (limit < size) {
      throw new GgufProblem.MalformedHeader(
          file, offset(), "the header is larger than %d bytes".formatted(LARGEST_HEADER));
    }
    throw new GgufProblem.Truncated(file, "the header", offset() + bytes, size);
  }

  private void refill(int atLeast) {
    window.compact();
    window.limit((int) Math.min(window.capacity(), window.position() + limit - windowEnd));
    try {
      while (window.position() < atLeast) {
        int read = channel.read(window, windowEnd);
        if (read < 0) {
          throw new GgufProblem.Truncated(file, "the header", windowEnd + atLeast, windowEnd);
        }
        windowEnd += read;
      }
    } catch (IOException e) {
      throw new GgufProblem.Unreadable(file, e.getClass().getSimpleName());
    }
    window.flip();
  }
}
