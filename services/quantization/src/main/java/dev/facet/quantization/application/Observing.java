package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.config.CalibrationConfig;
import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.DecoderTensors;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Observes what the linear layers are given on one share of the calibration text: of the text given
 * with the import, else of one that the model writes. A run watches as many layers as {@link
 * #MOMENT_BYTES} allows; the model runs again for those that are left.
 */
@ApplicationScoped
class Observing implements StepWork {
  private static final long MOMENT_BYTES = 1L << 29;

  private final Checkpoints checkpoints;
  private final ImportTexts texts;
  private final StoredMoments moments;
  private final CpuPool pool;
  private final CalibrationConfig config;

  Observing(
      Checkpoints checkpoints,
      ImportTexts texts,
      StoredMoments moments,
      CpuPool pool,
      CalibrationConfig config) {
    this.checkpoints = checkpoints;
    this.texts = texts;
    this.moments = moments;
    this.pool = pool;
    this.config = config;
  }

  @Override
  public Set<ImportStep> steps() {
    return Set.of(ImportStep.OBSERVATION);
  }

  @Override
  public Set<ImportStep> reads(ImportStep step) {
    return Set.of();
  }

  @Override
  public Observation perform(ImportedModel model, TaskKey task, StepResults earlier) {
    try (Checkpoint checkpoint = checkpoints.open(model)) {
      CheckpointCalibration calibration =
          new CheckpointCalibration(checkpoint, config.windows(), config.context(), pool.workers());
      List<int[]> windows =
          windows(model, checkpoint, calibration, Integer.parseInt(task.subject()));
      Map<String, BlobRef> stored = new HashMap<>();
      for (Predicate<TensorSpec> watched : runs(checkpoint.tensors())) {
        stored.putAll(moments.put(model.importId(), calibration.moments(windows, watched)));
      }
      return new Observation(windows, stored);
    }
  }

  private List<int[]> windows(
      ImportedModel model, Checkpoint checkpoint, CheckpointCalibration calibration, int share) {
    return texts
        .calibration(model, checkpoint)
        .map(tokens -> share(calibration.windows(tokens), share))
        .orElseGet(() -> calibration.sampledShare(share, ImportLayout.SHARES));
  }

  /** Every so manieth window, so that all shares see all parts of the text. */
  private static List<int[]> share(List<int[]> windows, int share) {
    List<int[]> some = new ArrayList<>();
    for (int i = share; i < windows.size(); i += ImportLayout.SHARES) {
      some.add(windows.get(i));
    }
    return some;
  }

  /** The layers watched in each run. */
  private static List<Predicate<TensorSpec>> runs(DecoderTensors tensors) {
    List<Predicate<TensorSpec>> runs = new ArrayList<>();
    List<DecoderTensors.Layer> together = new ArrayList<>();
    long bytes = 0;
    for (DecoderTensors.Layer layer : tensors.layers()) {
      long needed = bytes(layer);
      if (bytes > 0 && bytes + needed > MOMENT_BYTES) {
        runs.add(watching(together));
        together.clear();
        bytes = 0;
      }
      together.add(layer);
      bytes += needed;
    }
    runs.add(watching(together));
    return runs;
  }

  private static Predicate<TensorSpec> watching(List<DecoderTensors.Layer> layers) {
    Set<TensorSpec> watched = new HashSet<>();
    layers.forEach(layer -> watched.addAll(layer.linear()));
    return watched::contains;
  }

  private static long bytes(DecoderTensors.Layer layer) {
    return List.of(layer.query(), layer.output(), layer.gate(), layer.down()).stream()
        .mapToLong(tensor -> 4L * tensor.cols() * tensor.cols())
        .sum();
  }
}
