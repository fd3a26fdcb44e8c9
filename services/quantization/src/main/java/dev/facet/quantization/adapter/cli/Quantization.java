package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.adapter.cli.CalibrationOptions.Calibrated;
import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
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

  private final Checkpoint checkpoint;
  private final PrecisionOptions precision;
  private final CalibrationOptions calibration;
  private final Workers workers;
  private final Function<String, IntConsumer> progress;
  private final List<TensorGroup> groups;

  /**
   * @param progress gives what is told the count of something done
   */
  Quantization(
      Checkpoint checkpoint,
      PrecisionOptions precision,
      CalibrationOptions calibration,
      Workers workers,
      Function<String, IntConsumer> progress) {
    this.checkpoint = checkpoint;
    this.precision = precision;
    this.calibration = calibration;
    this.workers = workers;
    this.progress = progress;
    this.groups = TensorGroup.of(checkpoint.tensors());
  }

  /**
   * To be called before anything is computed.
   *
   * @throws BadOption if the options fit neither each other nor the model
   */
  void check() {
    Map<String, Integer> asked = asked();
    if (calibration.none() && precision.budget().isPresent()) {
      throw needsText("--size or --body-bits");
    }
    if (precision.ladder == null) {
      return;
    }
    if (!compact()) {
      fixed(asked, bits(LadderSpec.named(precision.ladder)));
    } else if (calibration.none()) {
      throw needsText("--ladder compact");
    }
  }

  /**
   * @param measured what quality will be measured on
   * @throws BadOption if the options cannot be followed
   */
  QuantizedModel run(TextWindows measured) {
    Map<String, Integer> asked = asked();
    Optional<Calibrated> calibrated =
        deep(asked)
            ? Optional.empty()
            : calibration.calibrate(checkpoint, measured, workers, progress);
    Map<String, Integer> anchors = precision.ladder == null ? Map.of() : anchors(calibrated);
    Map<String, Integer> cut = cut(asked, anchors, calibrated);
    return QuantizedModel.encode(
        checkpoint, precision.name(), anchors.isEmpty() ? cut : anchors, cut, encoder(calibrated));
  }

  private MatrixEncoder encoder(Optional<Calibrated> calibrated) {
    return calibrated
        .map(found -> new CheckpointCalibration(checkpoint, workers).encoder(found.calibration()))
        .orElseGet(
            () -> MatrixEncoder.rounding(new EmbeddedEncoder(Kernels.quantization(), workers)));
  }

  /** Whether no part needs error feedback: the deepest anchors do not. */
  private boolean deep(Map<String, Integer> asked) {
    if (precision.ladder != null) {
      return precision.ladder.equals(LadderSpec.REFERENCE.name()) && precision.budget().isEmpty();
    }
    return !asked.isEmpty()
        && asked.values().stream().allMatch(bits -> bits == 0 || bits > DEEPEST_CALIBRATED);
  }

  /** Bits of each group that the options name themselves; empty if they are to be found. */
  private Map<String, Integer> asked() {
    if (precision.map != null) {
      return map();
    }
    if (precision.budget().isPresent()) {
      return Map.of();
    }
    if (precision.bits == null && precision.ladder != null) {
      return Map.of();
    }
    int bits = precision.bits == null ? LadderSpec.FULL.linearAnchor() : precision.bits;
    LadderSpec spec = new LadderSpec("bits", bits, Math.max(bits, LEAST_TABLE_BITS));
    return bits(spec);
  }

  private Map<String, Integer> bits(LadderSpec spec) {
    Map<String, Integer> bits = new LinkedHashMap<>();
    groups.forEach(group -> bits.put(group.id(), spec.anchor(group)));
    return bits;
  }

  private Map<String, Integer> map() {
    try {
      return PrecisionMap.read(precision.map, groups);
    } catch (IllegalArgumentException e) {
      throw new BadOption(e.getMessage());
    }
  }

  /** Anchors of the ladder to cut. */
  private Map<String, Integer> anchors(Optional<Calibrated> calibrated) {
    return compact()
        ? search(calibrated.orElseThrow(), Map.of()).compact()
        : bits(LadderSpec.named(precision.ladder));
  }

  private boolean compact() {
    return PrecisionOptions.COMPACT.equals(precision.ladder);
  }

  private Map<String, Integer> cut(
      Map<String, Integer> asked, Map<String, Integer> anchors, Optional<Calibrated> calibrated) {
    if (precision.budget().isPresent()) {
      return search(calibrated.orElseThrow(), anchors)
          .fit(precision.budget().get(), precision.swaps);
    }
    return anchors.isEmpty() ? asked : fixed(asked, anchors);
  }

  /** The cut of these anchors that the options name. */
  private Map<String, Integer> fixed(Map<String, Integer> asked, Map<String, Integer> anchors) {
    return precision.map == null ? uniform(anchors) : within(asked, anchors);
  }

  /** Linear layers at the bits asked for where the ladder has them, all else at its anchor. */
  private Map<String, Integer> uniform(Map<String, Integer> anchors) {
    Map<String, Integer> cut = new LinkedHashMap<>(anchors);
    if (precision.bits == null) {
      return cut;
    }
    int deepest = 0;
    for (TensorGroup group : groups) {
      if (group.kind() == TensorGroup.Kind.LINEAR) {
        int anchor = anchors.get(group.id());
        deepest = Math.max(deepest, anchor);
        cut.put(group.id(), Math.min(precision.bits, anchor));
      }
    }
    if (precision.bits > deepest) {
      throw new BadOption(
          "The ladder %s stores linear layers to %d bits; %d were asked for."
              .formatted(precision.ladder, deepest, precision.bits));
    }
    return cut;
  }

  private Map<String, Integer> within(Map<String, Integer> cut, Map<String, Integer> anchors) {
    cut.forEach(
        (group, bits) -> {
          if (bits > anchors.get(group)) {
            throw new BadOption(
                "The ladder %s stores %s to %d bits; %d were asked for."
                    .formatted(precision.ladder, group, anchors.get(group), bits));
          }
        });
    return cut;
  }

  private MapSearch search(Calibrated found, Map<String, Integer> anchors) {
    return new MapSearch(checkpoint, found, anchors, calibration.cache(), workers, progress);
  }

  private static BadOption needsText(String option) {
    return new BadOption(
        option + " needs a text to measure on: give --calibration FILE or leave it out.");
  }
}
