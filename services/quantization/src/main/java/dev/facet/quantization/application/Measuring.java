package dev.facet.quantization.application;

import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.front.FrontPlan;
import dev.facet.quantization.domain.importing.Edition;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderPoints;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.TensorGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures the planned cuts of one ladder. */
@ApplicationScoped
class Measuring implements StepWork {
  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final PointMeasurement measurement;

  Measuring(Checkpoints checkpoints, BlobStore blobs, PointMeasurement measurement) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.measurement = measurement;
  }

  @Override
  public Set<ImportStep> steps() {
    return Set.of(ImportStep.MEASUREMENT);
  }

  @Override
  public Set<ImportStep> reads(ImportStep step) {
    Set<ImportStep> steps = EnumSet.copyOf(EditionLadders.CALIBRATED_FROM);
    steps.add(ImportStep.PLANNING);
    return steps;
  }

  @Override
  public MeasuredPoints perform(ImportedModel model, TaskKey task, StepResults earlier) {
    String ladder = task.subject();
    FrontPlan plan = earlier.of(TaskKey.of(ImportStep.PLANNING), FrontPlan.class);
    try (Checkpoint checkpoint = checkpoints.open(model)) {
      List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
      List<EncodedGroup> encoded = EditionLadders.calibrated(earlier, groups).encoded(ladder);
      LadderPoints sizes = new LadderPoints(ladder, groups, encoded);
      List<Point> points =
          plan.of(ladder).stream().map(cut -> sizes.point(cut.id(), cut.bits())).toList();
      LadderReader reader = new LadderReader(encoded, blobs::read);
      return new MeasuredPoints(
          measurement.measure(
              Edition.CALIBRATED, model, checkpoint, points, Map.of(ladder, reader)));
    }
  }
}
