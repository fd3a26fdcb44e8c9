package dev.facet.quantization.application;

import dev.facet.quantization.domain.calibration.Calibration;
import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.front.FrontPlan;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.report.CodingLoss;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Codes one tensor group for one ladder and stores its shards. */
@ApplicationScoped
class GroupCoding implements StepWork {
  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final StoredCalibration calibrations;
  private final CpuPool pool;
  private final Timer seconds;

  GroupCoding(
      Checkpoints checkpoints,
      BlobStore blobs,
      StoredCalibration calibrations,
      CpuPool pool,
      MeterRegistry meters) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.calibrations = calibrations;
    this.pool = pool;
    this.seconds =
        Timer.builder("facet.encode")
            .description("Time to read, encode and store one tensor group")
            .register(meters);
  }

  @Override
  public Set<ImportStep> steps() {
    return Set.of(ImportStep.ROUNDING, ImportStep.CALIBRATED_CODING, ImportStep.COMPACT_CODING);
  }

  @Override
  public Set<ImportStep> reads(ImportStep step) {
    return switch (step) {
      case CALIBRATED_CODING -> Set.of(ImportStep.OBSERVATION);
      case COMPACT_CODING ->
          Set.of(ImportStep.OBSERVATION, ImportStep.CALIBRATED_CODING, ImportStep.PLANNING);
      default -> Set.of();
    };
  }

  @Override
  public GroupResult perform(ImportedModel model, TaskKey task, StepResults earlier) {
    return seconds.record(
        () -> {
          try (Checkpoint checkpoint = checkpoints.open(model)) {
            return code(checkpoint, task, earlier);
          }
        });
  }

  private GroupResult code(Checkpoint checkpoint, TaskKey task, StepResults earlier) {
    TensorGroup group = TensorGroup.named(checkpoint.tensors(), task.group());
    if (task.step() != ImportStep.COMPACT_CODING) {
      int anchor = LadderSpec.named(task.ladder()).anchor(group);
      return code(checkpoint, group, anchor, task, earlier);
    }
    int anchor =
        earlier
            .of(TaskKey.of(ImportStep.PLANNING), FrontPlan.class)
            .compactAnchors()
            .get(group.id());
    return anchor == LadderSpec.FULL.anchor(group)
        ? EditionLadders.full(earlier, group).in(task.ladder())
        : code(checkpoint, group, anchor, task, earlier);
  }

  private GroupResult code(
      Checkpoint checkpoint, TensorGroup group, int anchor, TaskKey task, StepResults earlier) {
    if (group.kind() == TensorGroup.Kind.DENSE || task.step() == ImportStep.ROUNDING) {
      EmbeddedEncoder rounding = new EmbeddedEncoder(Kernels.quantization(), pool.workers());
      return store(checkpoint, group, anchor, task, MatrixEncoder.rounding(rounding));
    }
    Calibration seen = calibrations.of(group, earlier, pool.workers());
    MatrixEncoder encoder = new CheckpointCalibration(checkpoint, pool.workers()).encoder(seen);
    GroupResult result = store(checkpoint, group, anchor, task, encoder);
    return task.step() == ImportStep.COMPACT_CODING
        ? result
        : new GroupResult(
            result.encoded(), result.errors(), losses(checkpoint, group, result, seen));
  }

  private GroupResult store(
      Checkpoint checkpoint, TensorGroup group, int anchor, TaskKey task, MatrixEncoder encoder) {
    CodingLoss loss = new CodingLoss(encoder);
    EncodedGroup encoded =
        new LadderEncoder(checkpoint, loss)
            .encode(task.ladder(), group, anchor, (shard, bytes) -> blobs.put(bytes));
    return new GroupResult(encoded, loss.errors(task), List.of());
  }

  /** What the group will cost at each depth. */
  private List<Double> losses(
      Checkpoint checkpoint, TensorGroup group, GroupResult coded, Calibration seen) {
    LadderReader reader = new LadderReader(List.of(coded.encoded()), blobs::read);
    double[] losses = new double[LadderSpec.FULL.anchor(group) - CodeSettings.MIN_DEPTH + 1];
    for (TensorSpec tensor : group.tensors()) {
      float[] weights = checkpoint.read(tensor);
      for (int i = 0; i < losses.length; i++) {
        int depth = CodeSettings.MIN_DEPTH + i;
        float[] read = reader.cut(Map.of(group.id(), depth)).read(tensor);
        losses[i] += seen.divergence(tensor, weights, read).orElse(0);
      }
    }
    return Arrays.stream(losses).boxed().toList();
  }
}
