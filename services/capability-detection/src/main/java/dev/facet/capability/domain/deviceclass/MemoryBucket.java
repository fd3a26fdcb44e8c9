package dev.facet.capability.domain.deviceclass;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Memory of a device rounded down to a bucket.
 *
 * @param id part of a class name, for example {@code 8g}
 * @param words for people
 */
record MemoryBucket(String id, String words) {
  private static final MemoryBucket UNKNOWN = new MemoryBucket("unknown", "memory not told");
  private static final MemoryBucket SMALLEST =
      new MemoryBucket("512m", "less than 1 GiB of memory");
  private static final List<Integer> STEPS = List.of(32, 16, 8, 4, 2, 1);

  static MemoryBucket of(OptionalDouble gib) {
    if (gib.isEmpty()) {
      return UNKNOWN;
    }
    return STEPS.stream()
        .filter(step -> gib.getAsDouble() >= step)
        .findFirst()
        .map(step -> new MemoryBucket(step + "g", "at least " + step + " GiB of memory"))
        .orElse(SMALLEST);
  }
}
