package dev.facet.kernel.identity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a bundle. It says all that a bundle depends on, so any replica can rebuild the manifest
 * from what was published and every plan that makes the same choice shares it.
 *
 * @param model the model
 * @param revision 12 digits naming the model's content
 * @param point a published cut, for example {@code full-4}
 * @param runtime {@code wasm} or {@code webgpu}
 * @param kernels 12 digits naming the kernel set
 */
public record BundleId(
    ModelId model, String revision, String point, String runtime, String kernels) {
  private static final Pattern FORM =
      Pattern.compile(
          "([^~]{1,64})~([0-9a-f]{12})~([a-z0-9][a-z0-9.-]{0,31})~(wasm|webgpu)~([0-9a-f]{12})");

  /**
   * Reads {@code model~revision~point~runtime~kernels}.
   *
   * @throws InvalidIdentity if the text is not of that form
   */
  public static BundleId parse(String text) {
    Matcher parts = FORM.matcher(text == null ? "" : text);
    if (!parts.matches()) {
      throw new InvalidIdentity("bundle id", text, "model~revision~point~runtime~kernels");
    }
    return new BundleId(
        new ModelId(parts.group(1)),
        parts.group(2),
        parts.group(3),
        parts.group(4),
        parts.group(5));
  }

  @Override
  public String toString() {
    return String.join("~", model.value(), revision, point, runtime, kernels);
  }
}
