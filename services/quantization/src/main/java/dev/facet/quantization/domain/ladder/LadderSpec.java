package dev.facet.quantization.domain.ladder;

import dev.facet.quantization.domain.codec.CodeSettings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A ladder to be made: how deep each kind of tensor group is stored.
 *
 * @param linearAnchor anchor of the linear layers
 * @param tableAnchor anchor of embedding and head
 */
public record LadderSpec(String name, int linearAnchor, int tableAnchor) {
  /** Serves 2, 3 and 4 bits a weight from one set of shards. */
  public static final LadderSpec FULL = new LadderSpec("full", 4, 6);

  /** Near to lossless: for conformance, canaries and devices with room. */
  public static final LadderSpec REFERENCE = new LadderSpec("reference", 8, 8);

  /** The ladders made of every model by rounding alone. */
  public static final List<LadderSpec> ROUNDED = List.of(FULL, REFERENCE);

  /** Name of the ladder whose anchors are chosen group by group. */
  public static final String COMPACT = "compact";

  /**
   * @throws IllegalArgumentException for a name without fixed anchors
   */
  public static LadderSpec named(String name) {
    return ROUNDED.stream()
        .filter(spec -> spec.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no ladder is named " + name));
  }

  /** Depths at which the ladder's linear layers are published as points. */
  public List<Integer> pointDepths() {
    return linearAnchor <= 4
        ? IntStream.rangeClosed(CodeSettings.MIN_DEPTH, linearAnchor).boxed().toList()
        : List.of(linearAnchor);
  }

  /** Anchor of the group's tensors; 0 for float32. */
  public int anchor(TensorGroup group) {
    return switch (group.kind()) {
      case LINEAR -> linearAnchor;
      case TABLE -> tableAnchor;
      case DENSE -> 0;
    };
  }
}
