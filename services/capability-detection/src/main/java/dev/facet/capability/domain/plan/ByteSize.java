package dev.facet.capability.domain.plan;

import java.util.Locale;

/** Sizes in words. */
final class ByteSize {
  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;

  private ByteSize() {}

  /** Decimal megabytes or gigabytes, for example {@code 34 MB} or {@code 1.2 GB}. */
  static String words(long bytes) {
    return bytes < GIGA
        ? String.format(Locale.ROOT, "%.0f MB", bytes / MEGA)
        : String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
  }
}
