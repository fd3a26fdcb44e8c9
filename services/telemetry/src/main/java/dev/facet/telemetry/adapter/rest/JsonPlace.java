package dev.facet.telemetry.adapter.rest;

import com.fasterxml.jackson.core.JsonToken;
import dev.facet.kernel.messaging.UtcTimes;
import dev.facet.telemetry.domain.measurement.Fault;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A place in a JSON document. Reading a value of another form notes a fault with the place's
 * pointer and goes on, so that one answer can name all faults; what is then returned must not be
 * used. Pointers are written out for faults only.
 */
final class JsonPlace {
  private static final JsonFields NOTHING = new JsonFields();
  private static final int UUID_LENGTH = 36;

  private final JsonPlace parent;
  private final String name;
  private final JsonFields fields;
  private final int index;
  private final List<Fault> faults;
  private final KnownTexts known;

  private JsonPlace(JsonPlace parent, String name, JsonFields fields, int index) {
    this.parent = parent;
    this.name = name;
    this.fields = fields;
    this.index = index;
    this.faults = parent.faults;
    this.known = parent.known;
  }

  private JsonPlace(String pointer, JsonFields fields, List<Fault> faults, KnownTexts known) {
    this.parent = null;
    this.name = pointer;
    this.fields = fields;
    this.index = 0;
    this.faults = faults;
    this.known = known;
  }

  /**
   * The only element of these fields, whatever it is.
   *
   * @param pointer where it stands in its document
   * @param faults what is wrong is added here
   */
  static JsonPlace of(String pointer, JsonFields fields, List<Fault> faults, KnownTexts known) {
    return new JsonPlace(pointer, fields, faults, known);
  }

  /** The member of that name; names here need no escaping. */
  JsonPlace at(String member) {
    JsonFields inner = isObject() ? fields.nested(index) : NOTHING;
    return new JsonPlace(this, member, inner, inner.indexOf(member));
  }

  JsonPlace at(int element) {
    JsonFields inner = isArray() ? fields.nested(index) : NOTHING;
    return new JsonPlace(this, Integer.toString(element), inner, element);
  }

  /** Members or elements. */
  int size() {
    return isArray() || isObject() ? fields.nested(index).size() : 0;
  }

  boolean isArray() {
    return token() == JsonToken.START_ARRAY;
  }

  boolean isObject() {
    return token() == JsonToken.START_OBJECT;
  }

  private JsonToken token() {
    return fields.token(index);
  }

  private boolean isText() {
    return token() == JsonToken.VALUE_STRING;
  }

  /** Whether exactly this text stands here. */
  boolean is(String text) {
    return isText() && fields.text(index).equals(text);
  }

  /** Missing or null. */
  boolean isAbsent() {
    return token() == null || token() == JsonToken.VALUE_NULL;
  }

  /**
   * Notes a fault here.
   *
   * @param detail continues the pointer to a sentence, for example {@code must be an array}
   * @return null, for callers that have nothing else to return
   */
  <T> T fault(String detail) {
    faults.add(new Fault(pointer(), isAbsent() ? detail + " and is missing" : detail));
    return null;
  }

  private String pointer() {
    return parent == null ? name : parent.pointer() + "/" + name;
  }

  /** Text of a form, or null after a fault. */
  String text(Pattern form, String inWords) {
    return isText() && known.matches(form, fields.text(index))
        ? fields.text(index)
        : fault("must be " + inWords);
  }

  /** A UUID in lower case, or null after a fault. */
  String uuid() {
    String text = isText() ? fields.text(index) : "";
    return isUuid(text) ? text.toLowerCase(Locale.ROOT) : fault("must be a UUID");
  }

  private static boolean isUuid(String text) {
    if (text.length() != UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : Character.digit(c, 16) < 0 || c > 'f') {
        return false;
      }
    }
    return true;
  }

  /** An instant, or null after a fault. */
  Instant instant() {
    try {
      return UtcTimes.parse(isText() ? fields.text(index) : "");
    } catch (DateTimeException e) {
      return fault("must be a time in UTC as RFC 3339 writes it");
    }
  }

  /** An integer from 0 to a maximum, or 0 after a fault. */
  long integer(long max) {
    if (token() == JsonToken.VALUE_NUMBER_INT) {
      long value = fields.integer(index);
      if (value >= 0 && value <= max) {
        return value;
      }
    }
    fault("must be an integer from 0 to " + max);
    return 0;
  }

  /** A finite number from 0 to a maximum, or 0 after a fault. */
  double number(double max) {
    boolean number =
        token() == JsonToken.VALUE_NUMBER_INT || token() == JsonToken.VALUE_NUMBER_FLOAT;
    double value = number ? fields.number(index) : Double.NaN;
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
    if (!isAbsent() && token() != JsonToken.VALUE_TRUE && token() != JsonToken.VALUE_FALSE) {
      fault("must be true or false");
    }
    return token() == JsonToken.VALUE_TRUE;
  }
}
