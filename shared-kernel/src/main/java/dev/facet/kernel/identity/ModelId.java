package dev.facet.kernel.identity;

import java.util.regex.Pattern;

/**
 * Name of an imported model, for example {@code docs-29m}.
 *
 * @param value 1 to 64 characters of {@code [a-z0-9._-]}, the first a letter or digit
 */
public record ModelId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /**
   * @throws InvalidIdentity if the value is not of the form above
   */
  public ModelId {
    if (value == null || !FORM.matcher(value).matches()) {
      throw new InvalidIdentity(
          "model id", value, "1 to 64 characters of a-z, 0-9, '.', '_' and '-'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
