package dev.facet.quantization.domain.gguf;

import java.nio.ByteBuffer;

/**
 * Blocks of 32 weights with one scale, and for the affine kinds one minimum, as halves. Nibble
 * {@code i} of the low halves is weight {@code i}, of the high halves weight {@code 16 + i}.
 */
final class SmallBlocks {
  private static final int WEIGHTS = 32;
  private static final int HALF = WEIGHTS / 2;

  private SmallBlocks() {}

  private static float half(ByteBuffer in, int at) {
    return Binary16.toFloat(in.getShort(at));
  }

  /** Scale; 16 bytes of nibbles, from which 8 is taken. */
  static void q4Symmetric(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 18) {
      float scale = half(in, at);
      for (int i = 0, out = offset + b * WEIGHTS; i < HALF; i++, out++) {
        int pair = in.get(at + 2 + i);
        target[out] = scale * ((pair & 15) - 8);
        target[out + HALF] = scale * ((pair >> 4 & 15) - 8);
      }
    }
  }

  /** Scale, minimum; 16 bytes of nibbles. */
  static void q4Affine(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 20) {
      float scale = half(in, at);
      float minimum = half(in, at + 2);
      for (int i = 0, out = offset + b * WEIGHTS; i < HALF; i++, out++) {
        int pair = in.get(at + 4 + i);
        target[out] = scale * (pair & 15) + minimum;
        target[out + HALF] = scale * (pair >> 4 & 15) + minimum;
      }
    }
  }

  /** Scale; a word whose bit i is the fifth bit of weight i; nibbles; 16 is taken. */
  static void q5Symmetric(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 22) {
      float scale = half(in, at);
      int fifth = in.getInt(at + 2);
      for (int i = 0, out = offset + b * WEIGHTS; i < HALF; i++, out++) {
        int pair = in.get(at + 6 + i);
        target[out] = scale * ((pair & 15 | (fifth >> i & 1) << 4) - 16);
        target[out + HALF] = scale * ((pair >> 4 & 15 | (fifth >> i + HALF & 1) << 4) - 16);
      }
    }
  }

  /** Scale, minimum; fifth bits; nibbles. */
  static void q5Affine(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 24) {
      float scale = half(in, at);
      float minimum = half(in, at + 2);
      int fifth = in.getInt(at + 4);
      for (int i = 0, out = offset + b * WEIGHTS; i < HALF; i++, out++) {
        int pair = in.get(at + 8 + i);
        target[out] = scale * (pair & 15 | (fifth >> i & 1) << 4) + minimum;
        target[out + HALF] = scale * (pair >> 4 & 15 | (fifth >> i + HALF & 1) << 4) + minimum;
      }
    }
  }

  /** Scale; 32 signed bytes. */
  static void q8(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 34) {
      float scale = half(in, at);
      for (int i = 0, out = offset + b * WEIGHTS; i < WEIGHTS; i++, out++) {
        target[out] = scale * in.get(at + 2 + i);
      }
    }
  }
}
