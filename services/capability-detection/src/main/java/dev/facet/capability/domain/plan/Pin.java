package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.deviceclass.Backend;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What a caller fixes instead of leaving it to the planner; each part may be absent. */
public record Pin(OptionalDouble bits, Optional<Backend> backend, OptionalInt maxContext) {
  public static final Pin NOTHING =
      new Pin(OptionalDouble.empty(), Optional.empty(), OptionalInt.empty());

  /** The same without a precision. */
  public Pin withoutBits() {
    return new Pin(OptionalDouble.empty(), backend, maxContext);
  }
}
