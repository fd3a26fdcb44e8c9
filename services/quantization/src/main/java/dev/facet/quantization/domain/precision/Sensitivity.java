package dev.facet.quantization.domain.precision;

import dev.facet.quantization.domain.calibration.Calibration;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What each tensor group adds to the divergence at each of its bits: coded, and its errors weighed
 * by the Fisher information that calibration has gathered. No forward pass is needed. Beyond {@link
 * #DEEPEST_CODED} bits an error power of a quarter for each bit is taken, as it is measured below.
 */
final class Sensitivity {
  private static final List<Integer> LINEAR_BITS = List.of(2, 3, 4, 5, 6, 7, 8);
  private static final List<Integer> TABLE_BITS = List.of(3, 4, 5, 6, 7, 8);
  private static final int DEEPEST_CODED = 4;

  /** By how much one more bit lowers the weighted error: measured 3.85 from 2 to 3 and 3 to 4. */
  private static final double PER_BIT = 3.9;

  private final CodedOptions options;
  private final WeightSource full;
  private final Calibration calibration;
  private final IntConsumer progress;

  /**
   * @param full the weights before coding
   * @param progress told the number of groups done
   */
  Sensitivity(
      CodedOptions options, WeightSource full, Calibration calibration, IntConsumer progress) {
    this.options = options;
    this.full = full;
    this.calibration = calibration;
    this.progress = progress;
  }

  /** The options of each group, in the order of the groups. */
  List<List<PrecisionOption>> measure() {
    List<List<PrecisionOption>> all = new ArrayList<>();
    for (TensorGroup group : options.groups()) {
      all.add(
          switch (group.kind()) {
            case LINEAR -> options(group, LINEAR_BITS);
            case TABLE -> options(group, TABLE_BITS);
            case DENSE -> List.of(new PrecisionOption(0, options.bytes(group, 0), 0));
          });
      progress.accept(all.size());
    }
    return all;
  }

  private List<PrecisionOption> options(TensorGroup group, List<Integer> choices) {
    int deepest = options.deepest(group);
    List<PrecisionOption> found = new ArrayList<>();
    double coded = 0;
    for (int bits : choices) {
      if (bits > deepest) {
        break;
      }
      if (bits <= DEEPEST_CODED) {
        coded = divergence(group, bits);
      }
      double loss = coded / Math.pow(PER_BIT, Math.max(0, bits - DEEPEST_CODED));
      found.add(new PrecisionOption(bits, options.bytes(group, bits), loss));
    }
    return found;
  }

  private double divergence(TensorGroup group, int bits) {
    WeightSource coded = options.weights(Map.of(group.id(), bits));
    double sum = 0;
    for (TensorSpec tensor : group.tensors()) {
      sum += calibration.divergence(tensor, full.read(tensor), coded.read(tensor)).orElse(0);
    }
    return sum;
  }
}
