package dev.facet.local.terminal;

import java.util.Locale;

/** The wording of finished steps. */
final class Lines {

  private Lines() {}

  static String done(String what, String detail, long nanos) {
    String suffix = detail.isEmpty() ? "" : "  " + detail;
    return String.format(Locale.ROOT, "  ✓ %-30s %5.1f s%s", what, nanos / 1e9, suffix);
  }

  static String failed(String what) {
    return "  ✗ " + what;
  }
}
