package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.kernel.ladder.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Chooses how keys and values are kept: as the request says, else as they are while memory holds
 * the whole context beside the richest weights, else in codes. Codes of 4 bits cost a mean KL of
 * .0003 where 4-bit weights cost .01 (docs/performance.md), so the cache is made smaller first.
 */
final class CacheRule {
  private static final String CHOICE = "kv";
  private static final String REFERENCE_LADDER = "reference";
  private static final int LEAST_CONTEXT = 512;

  /** Of a head whose cache the kernels can keep in codes. */
  private static final int MOST_CHANNELS = 256;

  private final ModelOffer model;
  private final MemoryBudget budget;
  private final int wished;
  private final boolean coded;

  /**
   * @param wished tokens of context before memory is looked at
   */
  CacheRule(
      ModelOffer model, CapabilityReport report, Backend backend, MemoryBudget budget, int wished) {
    this.model = model;
    this.budget = budget;
    this.wished = wished;
    this.coded =
        report.codedCaches().contains(backend.id()) && model.config().headDim() <= MOST_CHANNELS;
  }

  /**
   * @throws CacheUnavailable if the request asks for codes and the client cannot keep them
   */
  Choice<CachePrecision> choose(Optional<CachePrecision> pinned) {
    if (pinned.isPresent()) {
      return pinned(pinned.get());
    }
    if (!coded) {
      return choice(
          CachePrecision.FLOAT32,
          "Keys and values of this model are kept as 32-bit floats by this client, which loses nothing.",
          null);
    }
    return CachePrecision.AUTOMATIC.stream()
        .filter(this::holdsAll)
        .findFirst()
        .map(this::holding)
        .orElseGet(this::tight);
  }

  private Choice<CachePrecision> pinned(CachePrecision asked) {
    if (asked.coded() && !coded) {
      throw new CacheUnavailable(asked);
    }
    return choice(asked, "The request asks for it.", null);
  }

  private Choice<CachePrecision> holding(CachePrecision precision) {
    if (!precision.coded()) {
      return choice(precision, "Memory holds them as 32-bit floats, which loses nothing.", null);
    }
    return choice(precision, saving(precision), CachePrecision.FLOAT32);
  }

  /** Not even 4 bits leave room for the whole context: the most precise that leave some. */
  private Choice<CachePrecision> tight() {
    CachePrecision four = CachePrecision.AUTOMATIC.get(CachePrecision.AUTOMATIC.size() - 1);
    CachePrecision taken =
        Stream.concat(Stream.of(four), CachePrecision.LAST_RESORT.stream())
            .filter(this::holdsSome)
            .findFirst()
            .orElse(four);
    return choice(taken, saving(taken), CachePrecision.FLOAT32);
  }

  private String saving(CachePrecision precision) {
    return "For %d tokens, 32-bit floats would take %s of %s and codes of %s bits take %s."
        .formatted(
            wished,
            ByteSize.words(new Footprint(model, CachePrecision.FLOAT32).cache(wished)),
            ByteSize.words(budget.bytes()),
            precision.keyBits() == precision.valueBits()
                ? Integer.toString(precision.keyBits())
                : precision.keyBits() + " and " + precision.valueBits(),
            ByteSize.words(new Footprint(model, precision).cache(wished)));
  }

  private boolean holdsAll(CachePrecision precision) {
    return fits(precision, richest(), wished);
  }

  private boolean holdsSome(CachePrecision precision) {
    return fits(precision, leanest(), Math.min(wished, LEAST_CONTEXT));
  }

  private boolean fits(CachePrecision precision, Point point, int context) {
    return new Footprint(model, precision).total(point, context) <= budget.bytes();
  }

  private Point richest() {
    return forBrowsers().max(Comparator.comparingLong(Point::bytes)).orElseThrow();
  }

  private Point leanest() {
    return forBrowsers().min(Comparator.comparingLong(Point::bytes)).orElseThrow();
  }

  private Stream<Point> forBrowsers() {
    List<Point> some =
        model.points().stream().filter(p -> !REFERENCE_LADDER.equals(p.ladder())).toList();
    return (some.isEmpty() ? model.points() : some).stream();
  }

  private static Choice<CachePrecision> choice(
      CachePrecision precision, String because, CachePrecision runnerUp) {
    String other = runnerUp == null ? null : runnerUp.toString();
    return new Choice<>(precision, new Reason(CHOICE, precision.toString(), because, other));
  }
}
