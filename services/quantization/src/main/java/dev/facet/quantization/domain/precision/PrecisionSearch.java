package dev.facet.quantization.domain.precision;

import dev.facet.quantization.domain.calibration.Calibration;
import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Finds the bits of each tensor group that serve a budget of bytes best: sensitivities from what
 * calibration has seen, a knapsack for each budget and, where it is worth the time, a few swaps
 * that are kept if measuring shows them to pay.
 */
public final class PrecisionSearch {
  private final Checkpoint checkpoint;
  private final Workers workers;
  private final List<TensorGroup> groups;
  private final CodedOptions coded;
  private final List<List<PrecisionOption>> options;

  /**
   * Codes each group at its fewest bits to find the sensitivities.
   *
   * @param calibration of all tensors
   * @param anchors of the ladder to cut, for each group; empty to anchor each group at the bits it
   *     gets
   * @param progress told the number of groups done
   */
  public PrecisionSearch(
      Checkpoint checkpoint,
      Calibration calibration,
      Map<String, Integer> anchors,
      Workers workers,
      IntConsumer progress) {
    this.checkpoint = checkpoint;
    this.workers = workers;
    this.groups = TensorGroup.of(checkpoint.tensors());
    CheckpointCalibration encoders = new CheckpointCalibration(checkpoint, workers);
    LadderEncoder encoder = new LadderEncoder(checkpoint, encoders.encoder(calibration));
    this.coded = new CodedOptions(encoder, groups, anchors);
    this.options = new Sensitivity(coded, checkpoint, calibration, progress).measure();
  }

  /**
   * The best by the sensitivities alone, at once.
   *
   * @return bits of each group, 0 for float32
   * @throws BudgetTooSmall if the model fits at no bits
   */
  public Map<String, Integer> fit(Budget budget) {
    return map(Knapsack.solve(budget.choices(groups, options), budget.bytes(groups, options)));
  }

  /**
   * The same, improved by measured swaps.
   *
   * @param text a few windows, not of the text that the map is judged on
   * @param trials maps to measure besides the first
   * @param progress told the number of maps measured
   */
  public Map<String, Integer> fit(
      Budget budget, TextWindows text, int trials, IntConsumer progress) {
    List<List<PrecisionOption>> choices = budget.choices(groups, options);
    long bytes = budget.bytes(groups, options);
    PrecisionProbe probe = new PrecisionProbe(checkpoint, coded, text, workers);
    AtomicInteger measured = new AtomicInteger();
    SwapSearch swaps =
        new SwapSearch(
            choices,
            bytes,
            found -> {
              double loss = probe.measure(map(found));
              progress.accept(measured.incrementAndGet());
              return loss;
            });
    return map(swaps.improve(Knapsack.solve(choices, bytes), trials));
  }

  /** The model coded with a map. */
  public WeightSource weights(Map<String, Integer> map) {
    return coded.weights(map);
  }

  private Map<String, Integer> map(List<PrecisionOption> chosen) {
    Map<String, Integer> bits = new LinkedHashMap<>();
    for (int g = 0; g < groups.size(); g++) {
      bits.put(groups.get(g).id(), chosen.get(g).bits());
    }
    return bits;
  }
}
