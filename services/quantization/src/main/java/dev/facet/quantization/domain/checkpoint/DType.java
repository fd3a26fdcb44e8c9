package dev.facet.quantization.domain.checkpoint;

import dev.facet.quantization.domain.gguf.Binary16;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Element types of safetensors files. Only the three floating-point types can hold weights. */
enum DType {
  BOOL(1, false),
  U8(1, false),
  I8(1, false),
  F8_E4M3(1, false),
  F8_E5M2(1, false),
  I16(2, false),
  U16(2, false),
  F16(2, true),
  BF16(2, true),
  I32(4, false),
  U32(4, false),
  F32(4, true),
  I64(8, false),
  U64(8, false),
  F64(8, false);

  private static final Map<String, DType> BY_NAME = byName();

  final int bytes;
  final boolean weight;

  DType(int bytes, boolean weight) {
    this.bytes = bytes;
    this.weight = weight;
  }

  private static Map<String, DType> byName() {
    Map<String, DType> names = new HashMap<>();
    for (DType dtype : values()) {
      names.put(dtype.name(), dtype);
    }
    return Map.copyOf(names);
  }

  /** The type of that name, or null. */
  static DType named(String name) {
    return BY_NAME.get(name);
  }

  /** Converts {@code count} elements from {@code in}'s position on; every conversion is exact. */
  void read(ByteBuffer in, float[] target, int offset, int count) {
    switch (this) {
      case F32 -> in.asFloatBuffer().get(target, offset, count);
      case BF16 -> {
        for (int i = 0, at = in.position(); i < count; i++) {
          target[offset + i] = Float.intBitsToFloat(in.getShort(at + 2 * i) << 16);
        }
      }
      case F16 -> {
        for (int i = 0, at = in.position(); i < count; i++) {
          target[offset + i] = Binary16.toFloat(in.getShort(at + 2 * i));
        }
      }
      default -> throw new IllegalStateException(this + " holds no weights");
    }
  }
}
