package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.ladder.TensorGroup.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The coded groups of each ladder of an edition, in execution order. */
record EditionLadders(Map<String, List<GroupResult>> ladders) {
  /** What an edition of rounded ladders needs. */
  static final List<ImportStep> ROUNDED_FROM = List.of(ImportStep.ROUNDING);

  /** What an edition of calibrated ladders needs. */
  static final List<ImportStep> CALIBRATED_FROM =
      List.of(ImportStep.ROUNDING, ImportStep.CALIBRATED_CODING, ImportStep.COMPACT_CODING);

  static EditionLadders rounded(StepResults results, List<TensorGroup> groups) {
    Map<String, List<GroupResult>> ladders = new LinkedHashMap<>();
    for (LadderSpec spec : LadderSpec.ROUNDED) {
      ladders.put(spec.name(), groups.stream().map(g -> rounded(results, spec.name(), g)).toList());
    }
    return new EditionLadders(ladders);
  }

  static EditionLadders calibrated(StepResults results, List<TensorGroup> groups) {
    Map<String, List<GroupResult>> ladders = new LinkedHashMap<>();
    ladders.put(
        LadderSpec.FULL.name(), groups.stream().map(group -> full(results, group)).toList());
    ladders.put(LadderSpec.COMPACT, groups.stream().map(group -> compact(results, group)).toList());
    String reference = LadderSpec.REFERENCE.name();
    ladders.put(reference, groups.stream().map(g -> rounded(results, reference, g)).toList());
    return new EditionLadders(ladders);
  }

  /** A group of the calibrated full ladder; what stays float32 is not coded anew. */
  static GroupResult full(StepResults results, TensorGroup group) {
    ImportStep step =
        group.kind() == Kind.DENSE ? ImportStep.ROUNDING : ImportStep.CALIBRATED_CODING;
    return results.of(TaskKey.coding(step, LadderSpec.FULL.name(), group.id()), GroupResult.class);
  }

  private static GroupResult compact(StepResults results, TensorGroup group) {
    return group.kind() == Kind.DENSE
        ? full(results, group).in(LadderSpec.COMPACT)
        : results.of(
            TaskKey.coding(ImportStep.COMPACT_CODING, LadderSpec.COMPACT, group.id()),
            GroupResult.class);
  }

  private static GroupResult rounded(StepResults results, String ladder, TensorGroup group) {
    return results.of(TaskKey.coding(ImportStep.ROUNDING, ladder, group.id()), GroupResult.class);
  }

  List<EncodedGroup> encoded(String ladder) {
    return ladders.get(ladder).stream().map(GroupResult::encoded).toList();
  }

  /**
   * What is foretold of a ladder's groups: of the compact ladder what is foretold of the full one,
   * whose planes are much the same.
   */
  SortedMap<String, List<Double>> losses(String ladder) {
    SortedMap<String, List<Double>> losses = new TreeMap<>();
    for (GroupResult result :
        ladders.get(ladder.equals(LadderSpec.COMPACT) ? LadderSpec.FULL.name() : ladder)) {
      if (!result.losses().isEmpty()) {
        losses.put(result.encoded().group(), result.losses());
      }
    }
    return losses;
  }
}
