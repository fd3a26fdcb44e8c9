package dev.facet.quantization.domain.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes GGUF files for tests: right ones, and by its single steps wrong ones. */
public final class GgufBytes {
  public static final int UINT8 = 0;
  public static final int INT32 = 5;
  public static final int UINT32 = 4;
  public static final int FLOAT32 = 6;
  public static final int BOOL = 7;
  public static final int STRING = 8;
  public static final int ARRAY = 9;

  private static final int ALIGNMENT = 32;

  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int pairCount;
  private int tensorCount;

  public GgufBytes text(String key, String value) {
    return pair(key, STRING, string(value));
  }

  public GgufBytes count(String key, int value) {
    return pair(key, UINT32, little(4).putInt(value).array());
  }

  public GgufBytes number(String key, float value) {
    return pair(key, FLOAT32, little(4).putFloat(value).array());
  }

  public GgufBytes flag(String key, boolean value) {
    return pair(key, BOOL, new byte[] {(byte) (value ? 1 : 0)});
  }

  public GgufBytes texts(String key, List<String> values) {
    ByteArrayOutputStream elements = new ByteArrayOutputStream();
    values.forEach(value -> elements.writeBytes(string(value)));
    return array(key, STRING, values.size(), elements.toByteArray());
  }

  public GgufBytes integers(String key, int... values) {
    ByteBuffer elements = little(4 * values.length);
    for (int value : values) {
      elements.putInt(value);
    }
    return array(key, INT32, values.length, elements.array());
  }

  public GgufBytes array(String key, int type, long announced, byte[] elements) {
    byte[] value =
        little(12 + elements.length).putInt(type).putLong(announced).put(elements).array();
    return pair(key, ARRAY, value);
  }

  public GgufBytes pair(String key, int type, byte[] value) {
    pairs.writeBytes(string(key));
    pairs.writeBytes(little(4).putInt(type).array());
    pairs.writeBytes(value);
    pairCount++;
    return this;
  }

  /** A tensor after those before it. */
  public GgufBytes tensor(String name, int type, byte[] bytes, long... shape) {
    while (data.size() % ALIGNMENT != 0) {
      data.write(0);
    }
    info(name, type, data.size(), shape);
    data.writeBytes(bytes);
    return this;
  }

  /** What the header says of a tensor, true or not. */
  public GgufBytes info(String name, int type, long offset, long... shape) {
    infos.writeBytes(string(name));
    ByteBuffer rest = little(4 + 8 * shape.length + 12).putInt(shape.length);
    for (long extent : shape) {
      rest.putLong(extent);
    }
    infos.writeBytes(rest.putInt(type).putLong(offset).array());
    tensorCount++;
    return this;
  }

  public byte[] bytes() {
    return bytes(tensorCount, pairCount);
  }

  /** The file with other counts than it has. */
  public byte[] bytes(long tensors, long metadataPairs) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(little(20).putInt(3).putLong(tensors).putLong(metadataPairs).array());
    file.writeBytes(pairs.toByteArray());
    file.writeBytes(infos.toByteArray());
    while (file.size() % ALIGNMENT != 0) {
      file.write(0);
    }
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  public static byte[] string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return little(8 + utf8.length).putLong(utf8.length).put(utf8).array();
  }

  public static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
