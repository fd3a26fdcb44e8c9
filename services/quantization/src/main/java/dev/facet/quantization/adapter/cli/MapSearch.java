package dev.facet.quantization.adapter.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.quantization.adapter.cli.CalibrationOptions.Calibrated;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.precision.Budget;
import dev.facet.quantization.domain.precision.CompactAnchors;
import dev.facet.quantization.domain.precision.PrecisionSearch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Precision maps of a calibrated model, kept by the content of all they depend on. The
 * sensitivities are measured when the first map is asked for that is not kept.
 */
final class MapSearch {
  /** Windows of the calibration text that swaps are measured on. */
  private static final int PROBE_WINDOWS = 8;

  private final Checkpoint checkpoint;
  private final Calibrated calibrated;
  private final Map<String, Integer> anchors;
  private final ContentCache cache;
  private final Workers workers;
  private final Function<String, IntConsumer> progress;
  private final ContentKeys keys;
  private PrecisionSearch search;

  /**
   * @param anchors of the ladder to cut; empty to anchor each group at the bits it gets
   * @param progress gives what is told the count of something done
   */
  MapSearch(
      Checkpoint checkpoint,
      Calibrated calibrated,
      Map<String, Integer> anchors,
      ContentCache cache,
      Workers workers,
      Function<String, IntConsumer> progress) {
    this.checkpoint = checkpoint;
    this.calibrated = calibrated;
    this.anchors = anchors;
    this.cache = cache;
    this.workers = workers;
    this.progress = progress;
    this.keys = ContentKeys.of(checkpoint);
  }

  /**
   * The best bits of each group.
   *
   * @param swaps maps measured besides the one that the sensitivities give
   */
  Map<String, Integer> fit(Budget budget, int swaps) {
    return kept(
        budget + ", " + swaps + " swaps, " + anchors,
        () -> {
          if (swaps == 0) {
            return search().fit(budget);
          }
          int few = Math.min(PROBE_WINDOWS, calibrated.windows().size());
          TextWindows probe = new TextWindows(calibrated.windows().subList(0, few), Scoring.ALL);
          return search().fit(budget, probe, swaps, progress.apply("map measured"));
        });
  }

  /** Anchors of the compact ladder. */
  Map<String, Integer> compact() {
    return kept("compact", () -> CompactAnchors.of(TensorGroup.of(checkpoint.tensors()), search()));
  }

  /** The model coded with a map. */
  WeightSource weights(Map<String, Integer> map) {
    return search().weights(map);
  }

  private PrecisionSearch search() {
    if (search == null) {
      search =
          new PrecisionSearch(
              checkpoint,
              calibrated.calibration(),
              anchors,
              workers,
              progress.apply("tensor group"));
    }
    return search;
  }

  private Map<String, Integer> kept(String what, Supplier<Map<String, Integer>> compute) {
    JsonMapper json = new JsonMapper();
    return cache.get(
        keys.key("map", calibrated.key(), what),
        source -> json.readValue(source, new TypeReference<LinkedHashMap<String, Integer>>() {}),
        (map, target) -> json.writeValue(target, map),
        () -> new LinkedHashMap<>(compute.get()));
  }
}
