package dev.facet.quantization.application;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.Publication;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.importing.TensorError;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderPoints;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a publication of encoded groups: index blobs, sizes of points and their quality. */
@ApplicationScoped
public class LadderPublishing {
  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final LadderIndexes indexes;
  private final PointMeasurement measurement;
  private final CpuPool pool;

  LadderPublishing(
      Checkpoints checkpoints,
      BlobStore blobs,
      LadderIndexes indexes,
      PointMeasurement measurement,
      CpuPool pool) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.indexes = indexes;
    this.measurement = measurement;
    this.pool = pool;
  }

  /**
   * @param results of all tensor groups and ladders, in any order
   */
  public Uni<Publication> publication(ImportedModel model, List<GroupResult> results) {
    return pool.run(() -> publicationNow(model, results));
  }

  private Publication publicationNow(ImportedModel model, List<GroupResult> results) {
    Map<TaskKey, GroupResult> byTask = new HashMap<>();
    for (GroupResult result : results) {
      byTask.put(new TaskKey(result.encoded().ladder(), result.encoded().group()), result);
    }
    try (Checkpoint checkpoint = checkpoints.open(model)) {
      return publication(model, checkpoint, byTask);
    }
  }

  private Publication publication(
      ImportedModel model, Checkpoint checkpoint, Map<TaskKey, GroupResult> results) {
    List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
    List<ModelPublished.Ladder> ladders = new ArrayList<>();
    List<Point> points = new ArrayList<>();
    List<TensorError> errors = new ArrayList<>();
    Map<String, LadderReader> readers = new HashMap<>();
    for (LadderSpec ladder : LadderSpec.PUBLISHED) {
      List<GroupResult> ordered =
          groups.stream().map(g -> results.get(new TaskKey(ladder.name(), g.id()))).toList();
      List<EncodedGroup> encoded = ordered.stream().map(GroupResult::encoded).toList();
      ladders.add(indexes.store(model, ladder.name(), encoded));
      points.addAll(new LadderPoints(ladder, groups, encoded).published());
      ordered.forEach(result -> errors.addAll(result.errors()));
      readers.put(ladder.name(), new LadderReader(encoded, blobs::read));
    }
    List<Point> measured = measurement.measure(model, checkpoint, points, readers);
    return new Publication(ladders, measured, errors, Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }
}
