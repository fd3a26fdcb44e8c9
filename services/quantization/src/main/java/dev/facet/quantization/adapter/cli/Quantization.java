package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.adapter.cli.CalibrationOptions.Calibrated;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.precision.PrecisionSearch;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** Codes a checkpoint as the options of {@code evaluate} ask. */
final class Quantization {
  private static final int LEAST_TABLE_BITS = 6;

  /** Beyond it rounding alone is nearly lossless. */
  private static final int DEEPEST_CALIBRATED = 6;

  /** Windows of the calibration text that sensitivities are measured on. */
  private static final int PROBE_WINDOWS = 8;

  private final PrecisionOptions precision;
  private final Optional<String> ladder;
  private final CalibrationOptions calibration;
  private final Function<String, IntConsumer> progress;

  /**
   * @param ladder name of the ladder to cut; empty to anchor at the bits asked for
   * @param progress gives what is told the count of something done
   */
  Quantization(
      PrecisionOptions precision,
      Optional<String> ladder,
      CalibrationOptions calibration,
      Function<String, IntConsumer> progress) {
    this.precision = precision;
    this.ladder = ladder;
    this.calibration = calibration;
    this.progress = progress;
  }

  /**
   * @throws BadOption if they cannot be followed
   */
  void requireSensible() {
    int bits = precision.bits == null ? CodeSettings.MIN_DEPTH : precision.bits;
    if (bits < CodeSettings.MIN_DEPTH || bits > CodeSettings.MAX_DEPTH) {
      throw new BadOption("--bits is 2 to 8, not " + bits + ".");
    }
    if (ladder.isPresent() && ladder.get().equals("compact")) {
      throw new BadOption("The compact ladder is not available yet; there are: full, reference.");
    }
  }

  /**
   * @throws BadOption if they cannot be followed
   */
  QuantizedModel run(Checkpoint checkpoint, Workers workers) {
    List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
    LadderSpec spec = spec();
    Map<String, Integer> anchors = new LinkedHashMap<>();
    groups.forEach(group -> anchors.put(group.id(), spec.anchor(group)));
    Map<String, Integer> cut = new LinkedHashMap<>(anchors);
    cut.putAll(asked(groups));
    if (ladder.isPresent()) {
      requireWithin(cut, anchors);
    }
    Calibrated calibrated = calibrate(checkpoint, spec, cut, workers);
    if (precision.size != null) {
      cut.putAll(search(checkpoint, spec, calibrated, workers));
    }
    if (ladder.isEmpty()) {
      anchors.putAll(cut);
    }
    return QuantizedModel.encode(checkpoint, spec, anchors, cut, calibrated.encoder());
  }

  /** The ladder asked for, or one anchored at the very bits asked for. */
  private LadderSpec spec() {
    if (ladder.isEmpty() && precision.bits != null) {
      int tables = Math.max(precision.bits, LEAST_TABLE_BITS);
      return new LadderSpec("bits-" + precision.bits, precision.bits, tables);
    }
    String name = ladder.orElse(LadderSpec.FULL.name());
    try {
      return LadderSpec.named(name);
    } catch (IllegalArgumentException e) {
      throw new BadOption("--ladder is full or reference, not " + name + ".");
    }
  }

  /** Depths that the options name themselves. */
  private Map<String, Integer> asked(List<TensorGroup> groups) {
    Map<String, Integer> depths = new LinkedHashMap<>();
    if (precision.map != null) {
      depths.putAll(map(groups));
    } else if (precision.bits != null) {
      groups.stream()
          .filter(group -> group.kind() == TensorGroup.Kind.LINEAR)
          .forEach(group -> depths.put(group.id(), precision.bits));
    }
    return depths;
  }

  private Map<String, Integer> map(List<TensorGroup> groups) {
    try {
      return PrecisionMap.read(precision.map, groups);
    } catch (IllegalArgumentException e) {
      throw new BadOption(e.getMessage());
    }
  }

  /** Error feedback where it changes anything: not at the deepest anchors. */
  private Calibrated calibrate(
      Checkpoint checkpoint, LadderSpec spec, Map<String, Integer> cut, Workers workers) {
    boolean deep =
        ladder.isPresent()
            ? spec.linearAnchor() > DEEPEST_CALIBRATED
            : cut.values().stream().allMatch(bits -> bits == 0 || bits > DEEPEST_CALIBRATED);
    if (deep && precision.size == null) {
      return Calibrated.not(workers);
    }
    try {
      return calibration.calibrate(checkpoint, workers, progress.apply("calibration window"));
    } catch (CharacterCodingException e) {
      throw new BadOption(calibration.source() + " is not UTF-8 text.");
    } catch (IOException e) {
      throw new BadOption(calibration.source() + " cannot be read.");
    }
  }

  /** The best bits of each group for {@code --size}. */
  private Map<String, Integer> search(
      Checkpoint checkpoint, LadderSpec spec, Calibrated calibrated, Workers workers) {
    if (calibrated.windows().isEmpty()) {
      throw new BadOption(
          "--size needs a text to measure on: give --calibration FILE or leave it out.");
    }
    int few = Math.min(PROBE_WINDOWS, calibrated.windows().size());
    PrecisionSearch search =
        new PrecisionSearch(
            checkpoint,
            calibrated.encoder(),
            ladder.map(name -> spec),
            new TextWindows(calibrated.windows().subList(0, few), Scoring.ALL),
            workers,
            progress.apply("tensor group"));
    return search.fit(precision.size);
  }

  private void requireWithin(Map<String, Integer> cut, Map<String, Integer> anchors) {
    cut.forEach(
        (group, bits) -> {
          if (bits > anchors.get(group)) {
            throw new BadOption(
                "The ladder %s stores %s to %d bits; %d were asked for."
                    .formatted(ladder.orElseThrow(), group, anchors.get(group), bits));
          }
        });
  }
}
