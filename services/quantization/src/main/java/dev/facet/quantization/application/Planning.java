package dev.facet.quantization.application;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.front.FrontPlan;
import dev.facet.quantization.domain.front.FrontPlanner;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderPoints;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses the compact ladder's anchors and all cuts from the losses that calibration foretells. */
@ApplicationScoped
class Planning implements StepWork {
  private final Checkpoints checkpoints;

  Planning(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
  }

  @Override
  public Set<ImportStep> steps() {
    return Set.of(ImportStep.PLANNING);
  }

  @Override
  public Set<ImportStep> reads(ImportStep step) {
    return Set.of(ImportStep.ROUNDING, ImportStep.CALIBRATED_CODING);
  }

  @Override
  public FrontPlan perform(ImportedModel model, TaskKey task, StepResults earlier) {
    try (Checkpoint checkpoint = checkpoints.open(model)) {
      List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
      List<EncodedGroup> full =
          groups.stream().map(group -> EditionLadders.full(earlier, group).encoded()).toList();
      Map<String, List<Double>> losses = new HashMap<>();
      groups.forEach(group -> losses.put(group.id(), EditionLadders.full(earlier, group).losses()));
      LadderPoints sizes = new LadderPoints(LadderSpec.FULL, groups, full);
      return new FrontPlanner(groups, losses, sizes::bytes).plan();
    }
  }
}
