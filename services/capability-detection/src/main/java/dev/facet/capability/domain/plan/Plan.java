package dev.facet.capability.domain.plan;

import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import java.util.List;

/**
 * A plan as docs/wire.md writes it.
 *
 * @param plan id: the same choices for the same profile have the same id
 * @param threads WebAssembly threads, 1 on WebGPU
 * @param contextLength tokens of prompt and answer together
 * @param bundle id of the bundle to fetch
 */
public record Plan(
    String plan,
    String profile,
    String model,
    String deviceClass,
    String backend,
    int threads,
    PlannedPoint point,
    int contextLength,
    CachePrecision kv,
    Memory memory,
    String bundle,
    Telemetry telemetry,
    List<Reason> reasons) {

  /** What is said of the point; the depths of its groups stand in the bundle. */
  public record PlannedPoint(
      String id,
      String ladder,
      double bodyBits,
      double bitsPerWeight,
      long bytes,
      Quality quality) {
    static PlannedPoint of(Point point) {
      return new PlannedPoint(
          point.id(),
          point.ladder(),
          point.bodyBits(),
          point.bitsPerWeight(),
          point.bytes(),
          point.quality());
    }
  }

  /** Bytes planned. */
  public record Memory(
      long budgetBytes, long weightBytes, long kvBytes, long workBytes, long totalBytes) {}

  /**
   * @param sampleRate share of generations to report, 0 to 1
   */
  public record Telemetry(double sampleRate) {}
}
