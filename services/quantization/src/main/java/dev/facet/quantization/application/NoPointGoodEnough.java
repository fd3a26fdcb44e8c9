package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.problem.DomainProblem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model of which no cut is good enough to be published. */
final class NoPointGoodEnough extends DomainProblem {
  private static final long serialVersionUID = 1L;

  NoPointGoodEnough(ModelId model, List<Point> refused) {
    super(
        "no-point-good-enough",
        422,
        "No point good enough",
        "Every cut of %s is too far from the full-precision model to be used; meanKl tells how far. "
                .formatted(model)
            + "A model so small, or one whose text it does not know, may need facet.validation.text "
            + "to be like what it was trained on.",
        Map.of("model", model.value(), "meanKl", divergences(refused)));
  }

  private static Map<String, Double> divergences(List<Point> points) {
    Map<String, Double> found = new LinkedHashMap<>();
    points.forEach(point -> found.put(point.id(), point.quality().meanKl()));
    return found;
  }
}
