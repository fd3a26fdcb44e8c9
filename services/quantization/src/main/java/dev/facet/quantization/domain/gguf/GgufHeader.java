package dev.facet.quantization.domain.gguf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a header and holds its tensors against the length of the file. */
final class GgufHeader {
  private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
  private static final long MOST_PAIRS = 1 << 16;
  private static final long MOST_TENSORS = 1 << 16;
  private static final int LONGEST_NAME = 1 << 16;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final String ALIGNMENT = "general.alignment";

  /** Magic, version and two counts are the least that a file has. */
  private static final int LEAST_BYTES = 24;

  private final String file;
  private final GgufCursor cursor;
  private final long size;

  GgufHeader(String file, GgufCursor cursor, long size) {
    this.file = file;
    this.cursor = cursor;
    this.size = size;
  }

  /** What a header holds. */
  record Content(GgufMetadata metadata, List<GgufTensor> tensors) {}

  Content read() {
    if (size < LEAST_BYTES) {
      throw new GgufProblem.Truncated(file, "the header", LEAST_BYTES, size);
    }
    requireVersion();
    long tensors = count("tensors", MOST_TENSORS);
    long pairs = count("metadata pairs", MOST_PAIRS);
    GgufMetadata metadata = metadata(pairs);
    requireWhole(metadata);
    return new Content(metadata, tensors(tensors, alignment(metadata)));
  }

  private void requireVersion() {
    if ((int) cursor.u32() != MAGIC) {
      throw malformed(0, "the file does not begin with GGUF");
    }
    long version = cursor.u32();
    if (version == 2L << 24 || version == 3L << 24) {
      throw malformed(4, "the file is big-endian; only little-endian ones are read");
    }
    if (version != 2 && version != 3) {
      throw malformed(4, "version %d; versions 2 and 3 are read".formatted(version));
    }
  }

  private long count(String what, long most) {
    long at = cursor.offset();
    long count = cursor.u64();
    if (count < 0 || count > most) {
      throw malformed(
          at, "%s %s; at most %d are possible".formatted(Long.toUnsignedString(count), what, most));
    }
    return count;
  }

  private GgufMetadata metadata(long pairs) {
    Map<String, Object> values = new HashMap<>();
    GgufValues reader = new GgufValues(file, cursor);
    for (long i = 0; i < pairs; i++) {
      long at = cursor.offset();
      String key = cursor.string(LONGEST_NAME);
      Object value = reader.read(key);
      if (value != GgufValues.SKIPPED && values.put(key, value) != null) {
        throw malformed(at, "the key %s is given twice".formatted(key));
      }
    }
    return new GgufMetadata(file, values);
  }

  private void requireWhole(GgufMetadata metadata) {
    if (metadata.has("split.count") && metadata.integer("split.count", 0) > 1) {
      throw metadata.wrong("split.count", "is above 1: join the parts of a split model first");
    }
  }

  private int alignment(GgufMetadata metadata) {
    int alignment = metadata.count(ALIGNMENT, DEFAULT_ALIGNMENT);
    if (Integer.bitCount(alignment) != 1 || alignment < 8 || alignment > 1 << 20) {
      throw metadata.wrong(ALIGNMENT, "is %d, no power of two from 8 to 2^20".formatted(alignment));
    }
    return alignment;
  }

  private List<GgufTensor> tensors(long count, int alignment) {
    List<GgufTensorInfo> infos = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < count; i++) {
      long at = cursor.offset();
      GgufTensorInfo info = GgufTensorInfo.read(file, cursor);
      if (!names.add(info.name())) {
        throw malformed(at, "the tensor %s is given twice".formatted(info.name()));
      }
      infos.add(info);
    }
    return placed(infos, aligned(cursor.offset(), alignment), alignment);
  }

  /** Tensors follow each other in the order of the header, each padded to the alignment. */
  private List<GgufTensor> placed(List<GgufTensorInfo> infos, long data, int alignment) {
    List<GgufTensor> tensors = new ArrayList<>();
    long reached = data;
    for (GgufTensorInfo info : infos) {
      if (info.offset() != reached - data) {
        throw new GgufProblem.BadTensor(
            file,
            info.name(),
            "begins at data offset %s; the tensors before it end at %d"
                .formatted(Long.toUnsignedString(info.offset()), reached - data));
      }
      GgufTensor tensor = info.at(reached);
      if (tensor.bytes() > size - reached) {
        throw new GgufProblem.Truncated(
            file, "tensor " + info.name(), saturated(reached, tensor.bytes()), size);
      }
      tensors.add(tensor);
      reached = aligned(reached + tensor.bytes(), alignment);
    }
    if (size > Math.max(reached, data)) {
      throw malformed(reached, "%d bytes belong to no tensor".formatted(size - reached));
    }
    return tensors;
  }

  private static long saturated(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static long aligned(long offset, int alignment) {
    return (offset + alignment - 1) & -(long) alignment;
  }

  private GgufProblem malformed(long offset, String detail) {
    return new GgufProblem.MalformedHeader(file, offset, detail);
  }
}
