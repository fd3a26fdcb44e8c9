package dev.facet.quantization.domain.precision;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Finds the bits of each tensor group that serve a budget of bytes best: sensitivities measured
 * once on a few windows, a knapsack for each budget, and a few swaps that are kept where measuring
 * shows them to pay.
 */
public final class PrecisionSearch {
  private static final int SWAPS = 16;

  private final List<TensorGroup> groups;
  private final PrecisionProbe probe;
  private final List<List<PrecisionOption>> options;

  /**
   * Measures the sensitivities.
   *
   * @param ladder to cut, at least 4 bits deep; empty to anchor each group at the bits it gets
   * @param text a few windows, not of the text that the map is judged on
   * @param progress told the number of groups done
   */
  public PrecisionSearch(
      Checkpoint checkpoint,
      MatrixEncoder matrices,
      Optional<LadderSpec> ladder,
      TextWindows text,
      Workers workers,
      IntConsumer progress) {
    this.groups = TensorGroup.of(checkpoint.tensors());
    CodedOptions coded = new CodedOptions(new LadderEncoder(checkpoint, matrices), groups, ladder);
    this.probe = new PrecisionProbe(checkpoint, coded, text, workers);
    this.options = new Sensitivity(coded, probe, progress).measure();
  }

  /**
   * @param budget bytes of all tensors
   * @return bits of each group, 0 for float32
   * @throws BudgetTooSmall if the model fits at no bits
   */
  public Map<String, Integer> fit(long budget) {
    List<PrecisionOption> chosen = Knapsack.solve(options, budget);
    SwapSearch swaps = new SwapSearch(options, budget, found -> probe.measure(map(found)));
    return map(swaps.improve(chosen, SWAPS));
  }

  private Map<String, Integer> map(List<PrecisionOption> chosen) {
    Map<String, Integer> bits = new LinkedHashMap<>();
    for (int g = 0; g < groups.size(); g++) {
      bits.put(groups.get(g).id(), chosen.get(g).bits());
    }
    return bits;
  }
}
