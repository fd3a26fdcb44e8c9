package dev.facet.quantization.application;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.config.ValidationConfig;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.front.Front;
import dev.facet.quantization.domain.front.FrontPlan;
import dev.facet.quantization.domain.front.PlannedCut;
import dev.facet.quantization.domain.front.UniformCuts;
import dev.facet.quantization.domain.importing.Edition;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.Publication;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.importing.TensorError;
import dev.facet.quantization.domain.ladder.LadderPoints;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes an edition of coded groups: index blobs, and the points that pass the gates. */
@ApplicationScoped
class Publishing implements StepWork {
  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final LadderIndexes indexes;
  private final PointMeasurement measurement;
  private final StoredCalibration calibration;
  private final PeerTables peers;
  private final ValidationConfig config;

  Publishing(
      Checkpoints checkpoints,
      BlobStore blobs,
      LadderIndexes indexes,
      PointMeasurement measurement,
      StoredCalibration calibration,
      PeerTables peers,
      ValidationConfig config) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.indexes = indexes;
    this.measurement = measurement;
    this.calibration = calibration;
    this.peers = peers;
    this.config = config;
  }

  @Override
  public Set<ImportStep> steps() {
    return Set.of(ImportStep.FIRST_EDITION, ImportStep.FINAL_EDITION);
  }

  @Override
  public Set<ImportStep> reads(ImportStep step) {
    if (step == ImportStep.FIRST_EDITION) {
      return EnumSet.copyOf(EditionLadders.ROUNDED_FROM);
    }
    Set<ImportStep> steps = EnumSet.copyOf(EditionLadders.CALIBRATED_FROM);
    steps.addAll(List.of(ImportStep.OBSERVATION, ImportStep.PLANNING, ImportStep.MEASUREMENT));
    return steps;
  }

  @Override
  public Publication perform(ImportedModel model, TaskKey task, StepResults earlier) {
    try (Checkpoint checkpoint = checkpoints.open(model)) {
      List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
      if (task.step() == ImportStep.FIRST_EDITION) {
        EditionLadders ladders = EditionLadders.rounded(earlier, groups);
        List<Point> points = measured(model, checkpoint, groups, ladders);
        return publication(Edition.ROUNDED, model, ladders, points, Map.of());
      }
      // All tasks that read it are done.
      calibration.removeAll(earlier);
      List<Point> points =
          earlier.all(ImportStep.MEASUREMENT, MeasuredPoints.class).stream()
              .flatMap(measured -> measured.points().stream())
              .toList();
      FrontPlan plan = earlier.of(TaskKey.of(ImportStep.PLANNING), FrontPlan.class);
      return publication(
          Edition.CALIBRATED,
          model,
          EditionLadders.calibrated(earlier, groups),
          points,
          plan.anchoredShares());
    }
  }

  private List<Point> measured(
      ImportedModel model, Checkpoint checkpoint, List<TensorGroup> groups, EditionLadders coded) {
    List<Point> points = new ArrayList<>();
    Map<String, LadderReader> readers = new HashMap<>();
    for (LadderSpec ladder : LadderSpec.ROUNDED) {
      LadderPoints sizes = new LadderPoints(ladder, groups, coded.encoded(ladder.name()));
      for (PlannedCut cut : new UniformCuts(ladder, groups).all()) {
        points.add(sizes.point(cut.id(), cut.bits()));
      }
      readers.put(ladder.name(), new LadderReader(coded.encoded(ladder.name()), blobs::read));
    }
    return measurement.measure(Edition.ROUNDED, model, checkpoint, points, readers);
  }

  private Publication publication(
      Edition edition,
      ImportedModel model,
      EditionLadders coded,
      List<Point> points,
      Map<String, Double> anchoredShares) {
    List<ModelPublished.Ladder> ladders = new ArrayList<>();
    List<TensorError> errors = new ArrayList<>();
    for (String name : coded.ladders().keySet()) {
      ladders.add(indexes.store(model, name, coded.encoded(name), coded.losses(name)));
      coded.ladders().get(name).forEach(result -> errors.addAll(result.errors()));
    }
    Front front = Front.of(points, List.copyOf(coded.ladders().keySet()), config.refuse());
    if (front.published().isEmpty()) {
      throw new NoPointGoodEnough(model.id(), front.refused());
    }
    return new Publication(
        edition,
        Publication.revision(model.revision(), ladders, front.published()),
        ladders,
        front.published(),
        front.refused(),
        errors,
        anchoredShares,
        peers.of(model).orElse(null),
        Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }
}
