package dev.facet.quantization.domain.gguf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Types of tensors that are read, with the number that files name them by.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the GGUF format</a>
 */
public enum GgufType {
  F32(0, 1, 4, PlainElements::float32),
  F16(1, 1, 2, PlainElements::binary16),
  Q4_0(2, 32, 18, SmallBlocks::q4Symmetric),
  Q4_1(3, 32, 20, SmallBlocks::q4Affine),
  Q5_0(6, 32, 22, SmallBlocks::q5Symmetric),
  Q5_1(7, 32, 24, SmallBlocks::q5Affine),
  Q8_0(8, 32, 34, SmallBlocks::q8),
  Q2_K(10, 256, 84, SuperBlocks::q2),
  Q3_K(11, 256, 110, SuperBlocks::q3),
  Q4_K(12, 256, 144, SuperBlocks::q4),
  Q5_K(13, 256, 176, SuperBlocks::q5),
  Q6_K(14, 256, 210, SuperBlocks::q6),
  BF16(30, 1, 2, PlainElements::bfloat16);

  static final List<GgufType> SUPPORTED = List.of(values());

  /** Dequantizes blocks from a little-endian buffer's position on. */
  @FunctionalInterface
  interface BlockDecoder {
    void decode(ByteBuffer in, int blocks, float[] target, int offset);
  }

  private final int number;
  private final int weights;
  private final int bytes;
  private final BlockDecoder decoder;

  GgufType(int number, int weights, int bytes, BlockDecoder decoder) {
    this.number = number;
    this.weights = weights;
    this.bytes = bytes;
    this.decoder = decoder;
  }

  /** The type of that number, or null if it is none that is read. */
  static GgufType numbered(long number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst().orElse(null);
  }

  /** What files call it. */
  int number() {
    return number;
  }

  /** Weights of one block. */
  int blockWeights() {
    return weights;
  }

  /** Bytes of one block. */
  int blockBytes() {
    return bytes;
  }

  /**
   * @param in little-endian; {@code blocks} blocks lie at its position
   * @param target receives their weights from {@code offset} on
   */
  void decode(ByteBuffer in, int blocks, float[] target, int offset) {
    decoder.decode(in, blocks, target, offset);
  }
}
