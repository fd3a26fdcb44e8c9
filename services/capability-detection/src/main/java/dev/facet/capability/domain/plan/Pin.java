package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.deviceclass.Backend;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a caller fixes instead of leaving it to the planner; each part may be absent.
 *
 * @param memoryBytes to stay within, where the device would allow more
 */
public record Pin(
    OptionalDouble bits,
    Optional<Backend> backend,
    OptionalInt maxContext,
    Optional<CachePrecision> cache,
    OptionalLong memoryBytes) {
  public static final Pin NOTHING =
      new Pin(
          OptionalDouble.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalLong.empty());

  /** The same with a precision. */
  public Pin withBits(double asked) {
    return new Pin(OptionalDouble.of(asked), backend, maxContext, cache, memoryBytes);
  }

  /** The same with a backend. */
  public Pin withBackend(Backend asked) {
    return new Pin(bits, Optional.of(asked), maxContext, cache, memoryBytes);
  }

  /** The same with a context. */
  public Pin withMaxContext(int tokens) {
    return new Pin(bits, backend, OptionalInt.of(tokens), cache, memoryBytes);
  }

  /** The same with a precision of keys and values. */
  public Pin withCache(CachePrecision asked) {
    return new Pin(bits, backend, maxContext, Optional.of(asked), memoryBytes);
  }

  /** The same with less memory than the device may have. */
  public Pin withMemory(long bytes) {
    return new Pin(bits, backend, maxContext, cache, OptionalLong.of(bytes));
  }
}
