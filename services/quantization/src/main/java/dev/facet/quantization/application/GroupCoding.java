package dev.facet.quantization.application;

import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.front.FrontPlan;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.report.CodingLoss;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Codes one tensor group for one ladder and stores its shards. */
@ApplicationScoped
class GroupCoding implements StepWork {
  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final StoredMoments moments;
  private final CpuPool pool;
  private final Timer seconds;

  GroupCoding(
      Checkpoints checkpoints,
      BlobStore blobs,
      StoredMoments moments,
      CpuPool pool,
      MeterRegistry meters) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.moments = moments;
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
          Set.of(
              ImportStep.ROUNDING,
              ImportStep.OBSERVATION,
              ImportStep.CALIBRATED_CODING,
              ImportStep.PLANNING);
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
        ? EditionLadders.full(earlier, group, ImportStep.CALIBRATED_CODING).in(task.ladder())
        : code(checkpoint, group, anchor, task, earlier);
  }

  private GroupResult code(
      Checkpoint checkpoint, TensorGroup group, int anchor, TaskKey task, StepResults earlier) {
    boolean calibrated =
        group.kind() == TensorGroup.Kind.LINEAR && task.step() != ImportStep.ROUNDING;
    MatrixEncoder encoder =
        calibrated
            ? new CheckpointCalibration(checkpoint, pool.workers())
                .encoder(moments.of(group, earlier))
            : MatrixEncoder.rounding(new EmbeddedEncoder(Kernels.quantization(), pool.workers()));
    CodingLoss loss = new CodingLoss(encoder);
    EncodedGroup encoded =
        new LadderEncoder(checkpoint, loss)
            .encode(task.ladder(), group, anchor, (shard, bytes) -> blobs.put(bytes));
    return new GroupResult(encoded, loss.errors(task));
  }
}
