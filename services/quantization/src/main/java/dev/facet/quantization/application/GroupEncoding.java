package dev.facet.quantization.application;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
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
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** The work of one tensor group: read, encode, store the shards. */
@ApplicationScoped
public class GroupEncoding {
  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final CpuPool pool;
  private final Timer seconds;

  GroupEncoding(Checkpoints checkpoints, BlobStore blobs, CpuPool pool, MeterRegistry meters) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.pool = pool;
    this.seconds =
        Timer.builder("facet.encode")
            .description("Time to read, encode and store one tensor group")
            .register(meters);
  }

  /** Where the group's segments lie now, and what coding has cost. */
  public Uni<GroupResult> encode(ImportedModel model, TaskKey task) {
    return pool.run(() -> seconds.record(() -> encodeNow(model, task)));
  }

  private GroupResult encodeNow(ImportedModel model, TaskKey task) {
    try (Checkpoint checkpoint = checkpoints.open(model)) {
      EmbeddedEncoder rounding = new EmbeddedEncoder(Kernels.quantization(), pool.workers());
      CodingLoss loss = new CodingLoss(MatrixEncoder.rounding(rounding));
      EncodedGroup encoded =
          new LadderEncoder(checkpoint, loss)
              .encode(
                  LadderSpec.named(task.ladder()),
                  group(checkpoint, task.group()),
                  (shard, bytes) -> blobs.put(bytes));
      return new GroupResult(encoded, loss.errors(task));
    }
  }

  private static TensorGroup group(Checkpoint checkpoint, String id) {
    return TensorGroup.of(checkpoint.tensors()).stream()
        .filter(group -> group.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the model has no group " + id));
  }
}
