package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * What calibration takes of the heap, and how groups are shared out among runs of the model so that
 * it stays within its part.
 *
 * @param heap bytes of the whole heap
 */
public record CalibrationMemory(long heap) {
  /** Of the heap, what moments may take while they are gathered. */
  private static final int SHARE = 4;

  /** Error feedback factors the moments in double precision, whole, beside what is coded. */
  private static final int FEEDBACK = 8;

  public static CalibrationMemory ofThisProcess() {
    return new CalibrationMemory(Runtime.getRuntime().maxMemory());
  }

  /** Whether the widest group can be observed and coded. */
  public boolean suffices(List<TensorGroup> groups) {
    return coded(groups).stream().allMatch(group -> FEEDBACK * moments(group) <= heap);
  }

  /** The groups to watch in each run of the model, in their order. */
  public List<List<TensorGroup>> runs(List<TensorGroup> groups) {
    List<List<TensorGroup>> runs = new ArrayList<>();
    runs.add(new ArrayList<>());
    long bytes = 0;
    for (TensorGroup group : coded(groups)) {
      long needed = moments(group);
      if (bytes > 0 && bytes + needed > heap / SHARE) {
        runs.add(new ArrayList<>());
        bytes = 0;
      }
      runs.get(runs.size() - 1).add(group);
      bytes += needed;
    }
    return runs;
  }

  private static List<TensorGroup> coded(List<TensorGroup> groups) {
    return groups.stream().filter(group -> group.kind() != TensorGroup.Kind.DENSE).toList();
  }

  /** Bytes of a group's second moments: half of a square as wide as its inputs. */
  private static long moments(TensorGroup group) {
    long inputs = group.tensors().get(0).cols();
    return Double.BYTES * inputs * inputs / 2;
  }
}
