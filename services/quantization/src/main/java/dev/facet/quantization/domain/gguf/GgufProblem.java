package dev.facet.quantization.domain.gguf;

import dev.facet.kernel.problem.DomainProblem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A GGUF file that is not what it says it is, or not one that can be used. */
public abstract sealed class GgufProblem extends DomainProblem {
  private static final long serialVersionUID = 1L;
  private static final int UNPROCESSABLE = 422;

  private GgufProblem(String slug, String title, String detail, Map<String, Object> where) {
    super(slug, UNPROCESSABLE, title, detail, where);
  }

  private static Map<String, Object> at(String file, String key, Object value) {
    Map<String, Object> where = new LinkedHashMap<>();
    where.put("file", file);
    where.put(key, value);
    return where;
  }

  /** Bytes of the header that cannot be right. */
  public static final class MalformedHeader extends GgufProblem {
    private static final long serialVersionUID = 1L;

    public MalformedHeader(String file, long offset, String detail) {
      super(
          "gguf-malformed",
          "Malformed GGUF file",
          "%s, byte %d: %s.".formatted(file, offset, detail),
          at(file, "offset", offset));
    }
  }

  /** A file that ends before what its header announces. */
  public static final class Truncated extends GgufProblem {
    private static final long serialVersionUID = 1L;

    public Truncated(String file, String what, long needed, long present) {
      super(
          "gguf-truncated",
          "Truncated GGUF file",
          "%s ends at byte %d, but %s reaches to byte %s."
              .formatted(file, present, what, Long.toUnsignedString(needed)),
          at(file, "offset", present));
    }
  }

  /** A tensor whose shape, place or weights are not right. */
  public static final class BadTensor extends GgufProblem {
    private static final long serialVersionUID = 1L;

    public BadTensor(String file, String tensor, String detail) {
      super(
          "gguf-tensor",
          "Bad GGUF tensor",
          "%s: tensor %s %s.".formatted(file, tensor, detail),
          at(file, "tensor", tensor));
    }
  }

  /** Weights in an element type that is not read. */
  public static final class UnsupportedType extends GgufProblem {
    private static final long serialVersionUID = 1L;

    public UnsupportedType(String file, String tensor, String type) {
      super(
          "gguf-type",
          "Unsupported GGUF tensor type",
          "%s: tensor %s has type %s; weights are read from %s."
              .formatted(file, tensor, type, String.join(", ", names())),
          at(file, "tensor", tensor));
    }

    private static List<String> names() {
      return GgufType.SUPPORTED.stream().map(GgufType::name).toList();
    }
  }

  /** Metadata that lacks a value, or gives one that is mistyped, out of range or not supported. */
  public static final class BadMetadata extends GgufProblem {
    private static final long serialVersionUID = 1L;

    public BadMetadata(String file, String key, String detail) {
      super(
          "gguf-metadata",
          "Unusable GGUF metadata",
          "%s: %s %s.".formatted(file, key, detail),
          at(file, "key", key));
    }
  }

  /** The file system failed while the file was read. */
  public static final class Unreadable extends GgufProblem {
    private static final long serialVersionUID = 1L;

    public Unreadable(String file, String reason) {
      super(
          "checkpoint-unreadable",
          "Checkpoint cannot be read",
          "Reading %s failed: %s.".formatted(file, reason),
          Map.of("file", file));
    }
  }
}
