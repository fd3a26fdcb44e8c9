package dev.facet.capability.domain.plan;

import dev.facet.kernel.ladder.Point;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The round figure that people call a point by: {@code full-4} is the 4-bit point. */
final class NominalBits {
  private static final Pattern AT_END = Pattern.compile("-([0-9]+(?:\\.[0-9]+)?)$");

  private NominalBits() {}

  /** Figure at the end of the id, else the whole bits of its linear layers. */
  static double of(Point point) {
    Matcher figure = AT_END.matcher(point.id());
    return figure.find() ? Double.parseDouble(figure.group(1)) : Math.floor(point.bodyBits());
  }

  static String words(double bits) {
    return bits == Math.rint(bits) ? Long.toString((long) bits) : Double.toString(bits);
  }
}
