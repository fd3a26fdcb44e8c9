package dev.facet.telemetry.adapter.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.telemetry.domain.measurement.Fault;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A place in a JSON document. Reading a value of another form notes a fault with the place's
 * pointer and goes on, so that one answer can name all faults; what is then returned must not be
 * used.
 */
final class JsonPlace {
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final JsonNode node;
  private final String pointer;
  private final List<Fault> faults;

  private JsonPlace(JsonNode node, String pointer, List<Fault> faults) {
    this.node = node;
    this.pointer = pointer;
    this.faults = faults;
  }

  /** The whole document; faults are added to the list. */
  static JsonPlace root(JsonNode document, List<Fault> faults) {
    return new JsonPlace(document, "#", faults);
  }

  /** The member of that name; names here need no escaping. */
  JsonPlace at(String member) {
    return new JsonPlace(node.path(member), pointer + "/" + member, faults);
  }

  JsonPlace at(int index) {
    return new JsonPlace(node.path(index), pointer + "/" + index, faults);
  }

  int size() {
    return node.size();
  }

  boolean isArray() {
    return node.isArray();
  }

  boolean isObject() {
    return node.isObject();
  }

  /** Whether exactly this text stands here. */
  boolean is(String text) {
    return node.isTextual() && node.textValue().equals(text);
  }

  /** Missing or null. */
  boolean isAbsent() {
    return node.isMissingNode() || node.isNull();
  }

  /**
   * Notes a fault here.
   *
   * @param detail continues the pointer to a sentence, for example {@code must be an array}
   * @return null, for callers that have nothing else to return
   */
  <T> T fault(String detail) {
    faults.add(new Fault(pointer, isAbsent() ? detail + " and is missing" : detail));
    return null;
  }

  /** Text of a form, or null after a fault. */
  String text(Pattern form, String inWords) {
    return node.isTextual() && form.matcher(node.textValue()).matches()
        ? node.textValue()
        : fault("must be " + inWords);
  }

  /** A UUID in lower case, or null after a fault. */
  String uuid() {
    String text = node.isTextual() ? node.textValue().toLowerCase(Locale.ROOT) : "";
    return UUID_FORM.matcher(text).matches() ? text : fault("must be a UUID");
  }

  /** An instant, or null after a fault. */
  Instant instant() {
    try {
      return Instant.parse(node.isTextual() ? node.textValue() : "");
    } catch (DateTimeException e) {
      return fault("must be a time in UTC as RFC 3339 writes it");
    }
  }

  /** An integer from 0 to a maximum, or 0 after a fault. */
  long integer(long max) {
    boolean fits = node.isIntegralNumber() && node.canConvertToLong();
    if (fits && node.longValue() >= 0 && node.longValue() <= max) {
      return node.longValue();
    }
    fault("must be an integer from 0 to " + max);
    return 0;
  }

  /** A finite number from 0 to a maximum, or 0 after a fault. */
  double number(double max) {
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (value >= 0 && value <= max) {
      return value;
    }
    fault(String.format(Locale.ROOT, "must be a number from 0 to %.0f", max));
    return 0;
  }

  /** As {@link #number}, or null where null or nothing was sent. */
  Double numberOrNull(double max) {
    return isAbsent() ? null : (Double) number(max);
  }

  /** True or false, false where absent. */
  boolean flag() {
    if (!isAbsent() && !node.isBoolean()) {
      fault("must be true or false");
    }
    return node.booleanValue();
  }
}
