package dev.facet.quantization.domain.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the entries of a safetensors header and holds them against the length of the file. */
final class SafetensorsHeader {
  private static final String METADATA = "__metadata__";

  private final String file;
  private final JsonObject header;
  private final long dataBytes;

  /**
   * @param dataBytes bytes of the file after the header
   */
  SafetensorsHeader(String file, JsonObject header, long dataBytes) {
    this.file = file;
    this.header = header;
    this.dataBytes = dataBytes;
  }

  /** All tensors in the order of their bytes, which they fill without overlap or gap. */
  List<TensorEntry> entries() {
    List<TensorEntry> entries = new ArrayList<>();
    for (String name : header.keys()) {
      if (!name.equals(METADATA)) {
        entries.add(entry(name, header.object(name)));
      }
    }
    entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
    requireContiguous(entries);
    return entries;
  }

  private TensorEntry entry(String name, JsonObject entry) {
    DType dtype = DType.named(entry.string("dtype"));
    if (dtype == null) {
      throw new CheckpointProblem.UnsupportedDtype(file, name, entry.string("dtype"));
    }
    List<?> offsets = entry.list("data_offsets");
    if (offsets.size() != 2
        || !(offsets.get(0) instanceof Long begin)
        || !(offsets.get(1) instanceof Long end)
        || begin < 0
        || end < begin) {
      throw new SafetensorsProblem.BadOffsets(file, name, offsets.toString());
    }
    if (end > dataBytes) {
      throw new SafetensorsProblem.TruncatedFile(file, name, end, dataBytes);
    }
    List<Long> shape = shape(name, entry.list("shape"));
    requireSpan(name, dtype, shape, end - begin);
    return new TensorEntry(name, dtype, shape, begin, end);
  }

  private List<Long> shape(String name, List<?> extents) {
    List<Long> shape = new ArrayList<>();
    for (Object extent : extents) {
      if (!(extent instanceof Long size) || size < 0) {
        throw new SafetensorsProblem.BadShape(file, name, "has shape " + extents);
      }
      shape.add(size);
    }
    return List.copyOf(shape);
  }

  private void requireSpan(String name, DType dtype, List<Long> shape, long span) {
    try {
      long bytes = dtype.bytes;
      for (long extent : shape) {
        bytes = Math.multiplyExact(bytes, extent);
      }
      if (bytes != span) {
        throw new SafetensorsProblem.BadShape(
            file,
            name,
            "of shape %s and type %s has %d bytes, but its offsets span %d"
                .formatted(shape, dtype, bytes, span));
      }
    } catch (ArithmeticException overflow) {
      throw new SafetensorsProblem.BadShape(
          file, name, "has shape " + shape + ", whose product overflows");
    }
  }

  private void requireContiguous(List<TensorEntry> entries) {
    long reached = 0;
    String last = "";
    for (TensorEntry entry : entries) {
      if (entry.begin() < reached) {
        throw new SafetensorsProblem.OverlappingTensors(file, entry.name(), last, entry.begin());
      }
      if (entry.begin() > reached) {
        throw new SafetensorsProblem.UnclaimedBytes(file, reached, entry.begin());
      }
      reached = entry.end();
      last = entry.name();
    }
    if (reached < dataBytes) {
      throw new SafetensorsProblem.UnclaimedBytes(file, reached, dataBytes);
    }
  }
}
