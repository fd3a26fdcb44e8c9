package dev.facet.telemetry.adapter.rest;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The last text of each form: events of a batch mostly say the same of where they come from. */
final class KnownTexts {
  private final Map<Pattern, String> last = new IdentityHashMap<>();

  boolean matches(Pattern form, String text) {
    if (text.equals(last.get(form))) {
      return true;
    }
    boolean matches = form.matcher(text).matches();
    if (matches) {
      last.put(form, text);
    }
    return matches;
  }
}
