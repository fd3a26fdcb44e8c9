package dev.facet.streaming.domain.bundle;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.util.List;

/**
 * A bundle's manifest as docs/wire.md writes it; components that are null are left out.
 *
 * @param bytes all frames but the tokenizer
 * @param frames in priority order
 * @param tensors in execution order
 */
public record Manifest(
    String format,
    String id,
    String model,
    String revision,
    String point,
    String ladder,
    double bodyBits,
    double bitsPerWeight,
    long bytes,
    ArchitectureConfig config,
    Tokenizer tokenizer,
    Runtime runtime,
    List<Frame> frames,
    List<Tensor> tensors) {
  public static final String FORMAT = "facet-bundle/1";

  /** Where the tokenizer is. */
  public record Tokenizer(int frame, String sha256, long bytes) {}

  /** What runs the model. */
  public record Runtime(String backend, String kernelRevision, List<Kernel> kernels) {}

  public record Kernel(String name, String sha256, long bytes) {}

  /**
   * A blob of the stream.
   *
   * @param stage {@code tokenizer}, {@code dense}, {@code embedding}, {@code head}, {@code base} or
   *     {@code refinement}
   * @param group null for the tokenizer and dense tensors, as is the depth
   */
  public record Frame(String sha256, long bytes, String stage, String group, Integer depth) {}

  /**
   * @param anchor null for float32 tensors, as are shift and bits
   * @param bits depth that this bundle reaches
   */
  public record Tensor(
      String name,
      String group,
      int rows,
      int cols,
      String encoding,
      Integer anchor,
      Float shift,
      Integer bits,
      List<Segment> segments) {}

  /** Rows of one plane inside a frame. */
  public record Segment(
      int depth, int frame, long offset, long bytes, int firstRow, int rowCount) {}
}
