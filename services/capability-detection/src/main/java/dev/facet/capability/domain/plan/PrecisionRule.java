package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.capability.domain.catalogue.Preference;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Chooses the point: a pinned one, else the tuner's, else the richest that fits of all ladders made
 * for browsers, leaving out what another point of at most its size is better than. A point fits
 * when it leaves room for a comfortable context; when none does, for the least useful one.
 */
final class PrecisionRule {
  private static final String DEFAULT_LADDER = "full";
  private static final String REFERENCE_LADDER = "reference";
  private static final int COMFORTABLE_CONTEXT = 4096;
  private static final int LEAST_CONTEXT = 512;

  private final ModelOffer model;
  private final Footprint footprint;
  private final MemoryBudget budget;
  private final int comfortable;
  private final int least;

  PrecisionRule(ModelOffer model, Footprint footprint, MemoryBudget budget, int wishedContext) {
    this.model = model;
    this.footprint = footprint;
    this.budget = budget;
    this.comfortable = Math.min(wishedContext, COMFORTABLE_CONTEXT);
    this.least = Math.min(wishedContext, LEAST_CONTEXT);
  }

  Choice<Point> choose(OptionalDouble pinnedBits, Optional<Preference> preference) {
    if (pinnedBits.isPresent()) {
      return pinned(pinnedBits.getAsDouble());
    }
    return preference.flatMap(this::preferred).orElseGet(() -> richest(preference));
  }

  private Choice<Point> pinned(double bits) {
    Point point = ofBits(bits);
    if (!fits(point, least)) {
      throw new NothingFits(
          model.id() + " as " + point.id(),
          footprint.total(point, least),
          budget,
          richestFit().map(this::alternative));
    }
    String because =
        "The request asks for %s bits. %s".formatted(NominalBits.words(bits), quality(point));
    return choice(point, because, richestFit());
  }

  private Point ofBits(double bits) {
    return model.points().stream()
        .filter(point -> NominalBits.of(point) == bits)
        .min(Comparator.comparing(point -> !DEFAULT_LADDER.equals(point.ladder())))
        .orElseThrow(() -> unknown(bits));
  }

  private PrecisionUnavailable unknown(double bits) {
    List<String> available =
        model.points().stream()
            .mapToDouble(NominalBits::of)
            .distinct()
            .mapToObj(NominalBits::words)
            .toList();
    return new PrecisionUnavailable(model.id().value(), NominalBits.words(bits), available);
  }

  private Optional<Choice<Point>> preferred(Preference preference) {
    return model
        .point(preference.point())
        .filter(point -> fits(point, least))
        .map(
            point ->
                choice(
                    point,
                    "Measurements of this device class decided it: %s %s"
                        .formatted(preference.reason(), quality(point)),
                    richestFit()));
  }

  private Choice<Point> richest(Optional<Preference> passedOver) {
    Point point = richestFit().orElseThrow(this::nothingFits);
    String aside =
        passedOver
            .map(
                p ->
                    "The tuner prefers %s, which is not stored or does not fit. "
                        .formatted(p.point()))
            .orElse("");
    Optional<Point> richer = next(point, 1);
    String because =
        richer
            .map(
                more ->
                    "It is the richest precision that fits: %s would take %s of %s."
                        .formatted(
                            more.id(),
                            ByteSize.words(footprint.total(more, comfortable)),
                            ByteSize.words(budget.bytes())))
            .orElse("It is the richest precision stored for browsers, and it fits.");
    return choice(point, aside + because + ' ' + quality(point), richer.or(() -> next(point, -1)));
  }

  private Choice<Point> choice(Point point, String because, Optional<Point> runnerUp) {
    String other = runnerUp.filter(p -> !p.equals(point)).map(Point::id).orElse(null);
    return new Choice<>(point, new Reason("precision", point.id(), because, other));
  }

  private Optional<Point> richestFit() {
    List<Point> ladder = ladder();
    return last(ladder, comfortable).or(() -> last(ladder, least));
  }

  private Optional<Point> last(List<Point> ladder, int context) {
    return ladder.stream().filter(point -> fits(point, context)).reduce((a, b) -> b);
  }

  /** The front of size and quality, leanest first; of all points where a model has only those. */
  private List<Point> ladder() {
    List<Point> forBrowsers =
        model.points().stream().filter(p -> !REFERENCE_LADDER.equals(p.ladder())).toList();
    List<Point> front = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    for (Point point : forBrowsers.isEmpty() ? model.points() : forBrowsers) {
      double loss = point.quality() == null ? least : point.quality().meanKl();
      if (point.quality() == null || loss < least) {
        front.add(point);
      }
      least = Math.min(least, loss);
    }
    return front;
  }

  private Optional<Point> next(Point point, int step) {
    List<Point> ladder = ladder();
    int index = ladder.indexOf(point) + step;
    return index >= 0 && index < ladder.size() ? Optional.of(ladder.get(index)) : Optional.empty();
  }

  private boolean fits(Point point, int context) {
    return footprint.total(point, context) <= budget.bytes();
  }

  private NothingFits nothingFits() {
    Point leanest = ladder().get(0);
    return new NothingFits(
        model.id() + " at its leanest (" + leanest.id() + ")",
        footprint.total(leanest, least),
        budget,
        Optional.empty());
  }

  private NothingFits.Alternative alternative(Point point) {
    int context = fits(point, comfortable) ? comfortable : least;
    return new NothingFits.Alternative(point.id(), context, footprint.total(point, context));
  }

  private static String quality(Point point) {
    Quality quality = point.quality();
    if (quality == null) {
      return "Its quality has not been measured yet.";
    }
    String measured =
        String.format(
            Locale.ROOT,
            "Measured perplexity %.3f against %.3f unquantized, same first choice for %.1f %% of tokens.",
            quality.perplexity(),
            quality.baselinePerplexity(),
            100 * quality.top1Agreement());
    return Point.DEGRADED.equals(point.label())
        ? measured + " It is labelled degraded: the loss shows."
        : measured;
  }
}
