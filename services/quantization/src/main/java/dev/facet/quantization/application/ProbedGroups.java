package dev.facet.quantization.application;

import dev.facet.quantization.domain.front.GroupLoss;
import java.util.List;

/** What tensor groups cost the model when each alone is read at few bits. */
public record ProbedGroups(List<GroupLoss> losses) {
  public ProbedGroups {
    losses = List.copyOf(losses);
  }
}
