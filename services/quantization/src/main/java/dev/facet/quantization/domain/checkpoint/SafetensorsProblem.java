package dev.facet.quantization.domain.checkpoint;

import java.util.Map;

/** A safetensors file whose header and bytes do not go together. One class for each rule. */
public abstract sealed class SafetensorsProblem extends CheckpointProblem {
  private static final long serialVersionUID = 1L;

  private SafetensorsProblem(String slug, String title, String detail, Map<String, Object> where) {
    super(slug, title, detail, where);
  }

  /** A safetensors header whose length cannot be right. */
  public static final class BadHeaderLength extends SafetensorsProblem {
    private static final long serialVersionUID = 1L;

    public BadHeaderLength(String file, String length, long limit) {
      super(
          "safetensors-header-length",
          "Bad safetensors header length",
          "%s announces a header of %s bytes; 2 to %d are possible.".formatted(file, length, limit),
          at(file));
    }
  }

  /** A file shorter than its header says, or cut while it was read. */
  public static final class TruncatedFile extends SafetensorsProblem {
    private static final long serialVersionUID = 1L;

    public TruncatedFile(String file, String tensor, long needed, long present) {
      super(
          "safetensors-truncated",
          "Truncated checkpoint file",
          "%s ends at byte %d, but %s reaches to byte %d.".formatted(file, present, tensor, needed),
          at(file, tensor, needed));
    }
  }

  /** Two tensors share bytes. */
  public static final class OverlappingTensors extends SafetensorsProblem {
    private static final long serialVersionUID = 1L;

    public OverlappingTensors(String file, String tensor, String other, long offset) {
      super(
          "safetensors-overlap",
          "Overlapping tensors",
          "%s: tensor %s begins at data offset %d, inside %s."
              .formatted(file, tensor, offset, other),
          at(file, tensor, offset));
    }
  }

  /** Bytes that belong to no tensor. */
  public static final class UnclaimedBytes extends SafetensorsProblem {
    private static final long serialVersionUID = 1L;

    public UnclaimedBytes(String file, long from, long to) {
      super(
          "safetensors-gap",
          "Bytes that belong to no tensor",
          "%s: data offsets %d to %d belong to no tensor.".formatted(file, from, to),
          Map.of("file", file, "offset", from));
    }
  }

  /** Offsets that are negative, backwards or not integers. */
  public static final class BadOffsets extends SafetensorsProblem {
    private static final long serialVersionUID = 1L;

    public BadOffsets(String file, String tensor, String offsets) {
      super(
          "safetensors-offsets",
          "Bad tensor offsets",
          "%s: tensor %s has data offsets %s.".formatted(file, tensor, offsets),
          at(file, tensor));
    }
  }

  /** A shape that does not fill the tensor's bytes, overflows or has a negative extent. */
  public static final class BadShape extends SafetensorsProblem {
    private static final long serialVersionUID = 1L;

    public BadShape(String file, String tensor, String detail) {
      super(
          "safetensors-shape",
          "Bad tensor shape",
          "%s: tensor %s %s.".formatted(file, tensor, detail),
          at(file, tensor));
    }
  }

  /** The same tensor in two files. */
  public static final class DuplicateTensor extends SafetensorsProblem {
    private static final long serialVersionUID = 1L;

    public DuplicateTensor(String file, String tensor, String other) {
      super(
          "checkpoint-tensor-duplicate",
          "Tensor given twice",
          "Tensor %s is in %s and in %s.".formatted(tensor, other, file),
          at(file, tensor));
    }
  }
}
