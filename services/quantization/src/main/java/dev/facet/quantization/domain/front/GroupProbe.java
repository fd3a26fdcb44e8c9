package dev.facet.quantization.domain.front;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures what single tensor groups cost the model at few bits. Groups of one layer share the run
 * of the layers before it.
 */
public final class GroupProbe {
  private final Checkpoint checkpoint;
  private final WeightSource coded;
  private final TextWindows text;
  private final Workers workers;
  private final Decoder full;
  private final Evaluator evaluator;

  /**
   * @param coded weights of the groups as they are to be read
   * @param text a few windows, not of the text that cuts are judged on
   */
  public GroupProbe(Checkpoint checkpoint, WeightSource coded, TextWindows text, Workers workers) {
    this.checkpoint = checkpoint;
    this.coded = coded;
    this.text = text;
    this.workers = workers;
    this.full = decoder(checkpoint);
    this.evaluator = new Evaluator(full, workers);
  }

  /**
   * @param layer layer of the groups; 0 for groups that belong to none
   * @param groups measured one at a time
   */
  public List<GroupLoss> measure(int layer, List<TensorGroup> groups) {
    double[] sums = new double[groups.size()];
    for (int[] window : text.windows()) {
      float[] before = full.embed(window);
      full.layers(before, 0, layer);
      float[] reference = before.clone();
      full.layers(reference, layer, layers());
      reference = full.norm(reference);
      for (int g = 0; g < sums.length; g++) {
        sums[g] += meanKl(window, reference, before, layer, groups.get(g));
      }
    }
    List<GroupLoss> losses = new ArrayList<>();
    for (int g = 0; g < sums.length; g++) {
      losses.add(new GroupLoss(groups.get(g).id(), sums[g] / text.windows().size()));
    }
    return losses;
  }

  private double meanKl(
      int[] window, float[] reference, float[] before, int layer, TensorGroup group) {
    Decoder changed = decoder(only(group));
    boolean linear = group.kind() == TensorGroup.Kind.LINEAR;
    float[] stream = linear ? before.clone() : changed.embed(window);
    changed.layers(stream, linear ? layer : 0, layers());
    float[] hidden = changed.norm(stream);
    return evaluator.meanKl(window, text.scoring(), reference, changed, hidden);
  }

  /** The full-precision model but for one group. */
  private WeightSource only(TensorGroup group) {
    Set<String> names =
        group.tensors().stream().map(TensorSpec::name).collect(Collectors.toUnmodifiableSet());
    return (tensor, firstRow, rowCount, target, offset) ->
        (names.contains(tensor.name()) ? coded : checkpoint)
            .read(tensor, firstRow, rowCount, target, offset);
  }

  private int layers() {
    return checkpoint.tensors().layers().size();
  }

  private Decoder decoder(WeightSource weights) {
    return new Decoder(
        checkpoint.config(), checkpoint.tensors(), weights, Kernels.matrix(), workers);
  }
}
