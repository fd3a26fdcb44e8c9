package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.kernel.ladder.Point;
import java.util.OptionalInt;

/** Chooses the context length: as much as the model and the request allow and memory holds. */
final class ContextRule {
  /** Shrunk contexts are cut to a multiple, so that caches come in few sizes. */
  private static final int STEP = 64;

  private final ModelOffer model;
  private final OptionalInt pinned;

  ContextRule(ModelOffer model, OptionalInt pinned) {
    this.model = model;
    this.pinned = pinned;
  }

  /** What is aimed for before memory is looked at. */
  int wished() {
    return Math.min(model.config().contextLength(), pinned.orElse(Integer.MAX_VALUE));
  }

  Choice<Integer> choose(Point point, Footprint footprint, MemoryBudget budget) {
    int wished = wished();
    int fitting = largestFit(point, footprint, budget, wished);
    String because = fitting < wished ? shrunk(footprint, wished, budget) : whole();
    String runnerUp = fitting < wished ? Integer.toString(wished) : null;
    return new Choice<>(
        fitting, new Reason("context", Integer.toString(fitting), because, runnerUp));
  }

  /** Callers have made sure that some context fits. */
  private static int largestFit(Point point, Footprint footprint, MemoryBudget budget, int wished) {
    if (footprint.total(point, wished) <= budget.bytes()) {
      return wished;
    }
    int low = 0;
    int high = wished / STEP;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (footprint.total(point, middle * STEP) <= budget.bytes()) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low * STEP;
  }

  private static String shrunk(Footprint footprint, int wished, MemoryBudget budget) {
    return "A context of %d tokens would take %s for keys and values alone; this is what is left of %s beside the"
            .formatted(
                wished, ByteSize.words(footprint.cache(wished)), ByteSize.words(budget.bytes()))
        + " weights.";
  }

  private String whole() {
    int trained = model.config().contextLength();
    if (pinned.isPresent() && pinned.getAsInt() < trained) {
      return "The request asks for no more, of the %d tokens that the model can take."
          .formatted(trained);
    }
    return "It is all that the model was trained for, and it fits.";
  }
}
