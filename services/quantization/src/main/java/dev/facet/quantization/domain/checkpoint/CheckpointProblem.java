package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.problem.DomainProblem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint that is not what it says it is, or not one that can be used. One class for each
 * rule.
 */
public abstract class CheckpointProblem extends DomainProblem {
  private static final long serialVersionUID = 1L;
  private static final int UNPROCESSABLE = 422;

  CheckpointProblem(String slug, String title, String detail, Map<String, Object> where) {
    super(slug, UNPROCESSABLE, title, detail, where);
  }

  static Map<String, Object> at(String file) {
    return Map.of("file", file);
  }

  static Map<String, Object> at(String file, String tensor) {
    return Map.of("file", file, "tensor", tensor);
  }

  static Map<String, Object> at(String file, String tensor, long offset) {
    Map<String, Object> where = new LinkedHashMap<>(at(file, tensor));
    where.put("offset", offset);
    return where;
  }

  /** A file that a checkpoint must have is not there or cannot be read. */
  public static final class MissingFile extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public MissingFile(String file) {
      super(
          "checkpoint-file-missing",
          "Checkpoint file missing",
          "The checkpoint has no readable file %s.".formatted(file),
          at(file));
    }
  }

  /** Weights are offered as a pickle, which can run code when read. */
  public static final class PickledWeights extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public PickledWeights(String file) {
      super(
          "checkpoint-pickled",
          "Pickled weights are refused",
          "%s is a pickle, which can run code when read. Convert the checkpoint to safetensors."
              .formatted(file),
          at(file));
    }
  }

  /** More than one file could be the model. */
  public static final class AmbiguousFile extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public AmbiguousFile(List<String> files) {
      super(
          "checkpoint-ambiguous",
          "More than one model in the folder",
          "The folder holds %s; give the one to import in a folder of its own."
              .formatted(String.join(", ", files)),
          Map.of("files", files));
    }
  }

  /** A file name in an index, or a link, that leads out of the checkpoint's folder. */
  public static final class PathOutsideFolder extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public PathOutsideFolder(String file) {
      super(
          "checkpoint-path-outside",
          "Path outside the checkpoint",
          "%s does not lie in the checkpoint's own folder.".formatted(file),
          at(file));
    }
  }

  /** JSON that is malformed, or lacks or mistypes a value. */
  public static final class MalformedJson extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public MalformedJson(String file, String detail) {
      super(
          "checkpoint-json-malformed",
          "Malformed JSON in the checkpoint",
          "%s: %s".formatted(file, detail),
          at(file));
    }
  }

  /** An element type that is unknown or that no weight can have. */
  public static final class UnsupportedDtype extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public UnsupportedDtype(String file, String tensor, String dtype) {
      super(
          "safetensors-dtype",
          "Unsupported element type",
          "%s: tensor %s has element type %s; weights are read from F32, F16 and BF16."
              .formatted(file, tensor, dtype),
          at(file, tensor));
    }
  }

  /** A tensor that the architecture needs, or the index names, is in no file. */
  public static final class MissingTensor extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public MissingTensor(String file, String tensor) {
      super(
          "checkpoint-tensor-missing",
          "Tensor missing",
          "Tensor %s is not in %s.".formatted(tensor, file),
          at(file, tensor));
    }
  }

  /** A tensor whose shape is not what config.json asks for. */
  public static final class UnexpectedShape extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public UnexpectedShape(String file, TensorSpec expected, List<Long> shape) {
      super(
          "checkpoint-shape",
          "Tensor shape does not fit config.json",
          "%s: tensor %s has shape %s, config.json asks for %d x %d."
              .formatted(file, expected.name(), shape, expected.rows(), expected.cols()),
          at(file, expected.name()));
    }
  }

  /** NaN or an infinity among the weights. */
  public static final class NonFiniteWeight extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public NonFiniteWeight(String file, String tensor, long index) {
      super(
          "checkpoint-weight-not-finite",
          "Weight is not finite",
          "%s: weight %d of tensor %s is not finite.".formatted(file, index, tensor),
          at(file, tensor, index));
    }
  }

  /** An architecture that no forward pass is written for. */
  public static final class UnsupportedArchitecture extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public UnsupportedArchitecture(String found, List<String> supported) {
      super(
          "architecture-unsupported",
          "Unsupported architecture",
          "config.json names %s; supported: %s.".formatted(found, String.join(", ", supported)),
          Map.of("file", "config.json", "found", found, "supported", supported));
    }
  }

  /** A setting in config.json that is out of range or not supported. */
  public static final class UnsupportedConfig extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public UnsupportedConfig(String key, Object value, String expected) {
      super(
          "config-unsupported",
          "Unsupported model configuration",
          "config.json: %s is %s; %s.".formatted(key, value, expected),
          Map.of("file", "config.json", "key", key));
    }
  }

  /** A model that writes no text, where one is needed that does. */
  public static final class NoDecoder extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public NoDecoder(String architecture) {
      super(
          "model-no-decoder",
          "The model writes no text",
          "A %s model turns texts to vectors; perplexity and divergence are measured of decoders."
              .formatted(architecture),
          Map.of("architecture", architecture));
    }
  }

  /** The file system failed while the checkpoint was read. */
  public static final class Unreadable extends CheckpointProblem {
    private static final long serialVersionUID = 1L;

    public Unreadable(String file, String reason) {
      super(
          "checkpoint-unreadable",
          "Checkpoint cannot be read",
          "Reading %s failed: %s.".formatted(file, reason),
          at(file));
    }
  }
}
