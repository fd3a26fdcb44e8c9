package dev.facet.capability.domain.catalogue;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A model that can be planned.
 *
 * @param tokenizerBytes length of its tokenizer file
 * @param points leanest first, at least one
 */
public record ModelOffer(
    ModelId id,
    String revision,
    ArchitectureConfig config,
    long tokenizerBytes,
    List<Point> points) {

  /**
   * @throws IllegalArgumentException if the revision or shape is unusable or there is no point
   */
  public ModelOffer {
    check(revision != null && revision.matches("[0-9a-f]{12}"), "revision of 12 hex digits");
    check(config != null && usable(config), "config with positive sizes");
    check(points != null && !points.isEmpty(), "point");
    check(points.stream().allMatch(ModelOffer::usable), "id, ladder and bits of each point");
    points = points.stream().sorted(Comparator.comparingDouble(Point::bitsPerWeight)).toList();
  }

  /**
   * What an event offers.
   *
   * @throws IllegalArgumentException if the event lacks what plans need
   */
  public static ModelOffer of(ModelPublished event) {
    long tokenizer = event.tokenizer() == null ? 0 : event.tokenizer().bytes();
    return new ModelOffer(
        new ModelId(event.model()), event.revision(), event.config(), tokenizer, event.points());
  }

  /** The point of that id. */
  public Optional<Point> point(String id) {
    return points.stream().filter(point -> point.id().equals(id)).findFirst();
  }

  private static boolean usable(ArchitectureConfig config) {
    return config.hiddenSize() > 0
        && config.layers() > 0
        && config.heads() > 0
        && config.kvHeads() > 0
        && config.headDim() > 0
        && config.intermediateSize() > 0
        && config.vocabSize() > 0
        && config.contextLength() > 0;
  }

  private static boolean usable(Point point) {
    return point.id() != null && point.ladder() != null && point.bits() != null;
  }

  private static void check(boolean holds, String needed) {
    if (!holds) {
      throw new IllegalArgumentException("a published model needs a " + needed);
    }
  }
}
