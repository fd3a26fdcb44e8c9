package dev.facet.quantization.domain.gguf;

import java.nio.ByteBuffer;

/**
 * Super-blocks of 256 weights ("k-quants"): groups of 16 or 32 weights whose small integer scales
 * are themselves scaled by one half-precision number.
 */
final class SuperBlocks {
  private static final int WEIGHTS = 256;

  private SuperBlocks() {}

  private static float half(ByteBuffer in, int at) {
    return Binary16.toFloat(in.getShort(at));
  }

  /**
   * 16 bytes (scale low, minimum high nibble); 64 bytes of 2-bit codes; d; dmin. Each half of 128
   * weights keeps its four runs of 32 in bit pairs of the same 32 bytes.
   */
  static void q2(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 84) {
      float scale = half(in, at + 80);
      float minimum = half(in, at + 82);
      for (int group = 0; group < 16; group++) {
        int packed = in.get(at + group);
        float d = scale * (packed & 15);
        float m = minimum * (packed >> 4 & 15);
        int codes = at + 16 + group / 8 * 32 + group % 2 * 16;
        int shift = group % 8 / 2 * 2;
        for (int i = 0, out = offset + b * WEIGHTS + group * 16; i < 16; i++, out++) {
          target[out] = d * (in.get(codes + i) >> shift & 3) - m;
        }
      }
    }
  }

  /** 32 bytes of third bits (clear: 4 is taken); 64 bytes of 2-bit codes; 16 six-bit scales; d. */
  static void q3(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 110) {
      float scale = half(in, at + 108);
      for (int group = 0; group < 16; group++) {
        float d = scale * (scale3(in, at + 96, group) - 32);
        int codes = at + 32 + group / 8 * 32 + group % 2 * 16;
        int thirds = at + group % 2 * 16;
        int shift = group % 8 / 2 * 2;
        for (int i = 0, out = offset + b * WEIGHTS + group * 16; i < 16; i++, out++) {
          int third = in.get(thirds + i) >> group / 2 & 1;
          target[out] = d * ((in.get(codes + i) >> shift & 3 | third << 2) - 4);
        }
      }
    }
  }

  /** Low four bits lie in nibbles of 8 bytes, the high two in bit pairs of the 4 bytes after. */
  private static int scale3(ByteBuffer in, int at, int group) {
    int low = in.get(at + group % 8) >> group / 8 * 4 & 15;
    int high = in.get(at + 8 + group % 4) >> group / 4 * 2 & 3;
    return low | high << 4;
  }

  /** d; dmin; 8 six-bit scales and minima; 128 bytes: each run of 32 holds two groups' nibbles. */
  static void q4(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 144) {
      for (int group = 0; group < 8; group++) {
        float d = half(in, at) * scale(in, at + 4, group);
        float m = half(in, at + 2) * minimum(in, at + 4, group);
        int codes = at + 16 + group / 2 * 32;
        int shift = group % 2 * 4;
        for (int i = 0, out = offset + b * WEIGHTS + group * 32; i < 32; i++, out++) {
          target[out] = d * (in.get(codes + i) >> shift & 15) - m;
        }
      }
    }
  }

  /**
   * As {@link #q4}, with 32 bytes of fifth bits (bit g of each is group g's) before the nibbles.
   */
  static void q5(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 176) {
      for (int group = 0; group < 8; group++) {
        float d = half(in, at) * scale(in, at + 4, group);
        float m = half(in, at + 2) * minimum(in, at + 4, group);
        int codes = at + 48 + group / 2 * 32;
        int shift = group % 2 * 4;
        for (int i = 0, out = offset + b * WEIGHTS + group * 32; i < 32; i++, out++) {
          int fifth = in.get(at + 16 + i) >> group & 1;
          target[out] = d * (in.get(codes + i) >> shift & 15 | fifth << 4) - m;
        }
      }
    }
  }

  /** Six-bit scale of a group: the first four plain, of the others two bits lie in the first's. */
  private static int scale(ByteBuffer in, int at, int group) {
    return group < 4
        ? in.get(at + group) & 63
        : in.get(at + group + 4) & 15 | (in.get(at + group - 4) >> 6 & 3) << 4;
  }

  private static int minimum(ByteBuffer in, int at, int group) {
    return group < 4
        ? in.get(at + group + 4) & 63
        : in.get(at + group + 4) >> 4 & 15 | (in.get(at + group) >> 6 & 3) << 4;
  }

  /**
   * 128 bytes of low nibbles; 64 bytes of high bit pairs; 16 signed scales; d. In each half of 128
   * weights runs 0 and 1 are the low nibbles of 64 bytes, runs 2 and 3 the high ones.
   */
  static void q6(ByteBuffer in, int blocks, float[] target, int offset) {
    for (int b = 0, at = in.position(); b < blocks; b++, at += 210) {
      float scale = half(in, at + 208);
      for (int group = 0; group < 16; group++) {
        int side = group / 8;
        int run = group % 8 / 2;
        float d = scale * in.get(at + 192 + group);
        int lows = at + side * 64 + run % 2 * 32 + group % 2 * 16;
        int highs = at + 128 + side * 32 + group % 2 * 16;
        for (int i = 0, out = offset + b * WEIGHTS + group * 16; i < 16; i++, out++) {
          int low = in.get(lows + i) >> run / 2 * 4 & 15;
          int high = in.get(highs + i) >> run * 2 & 3;
          target[out] = d * ((low | high << 4) - 32);
        }
      }
    }
  }
}
