package dev.facet.telemetry.adapter.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/**
 * The members of one JSON object, or the elements of one array, as they stood. It is read anew for
 * every event, so a batch is never in memory as a tree; what is nested in an event is.
 */
final class JsonFields {
  /** More members than any event has. */
  private static final int MOST = 256;

  private static final int FEW = 24;

  private String[] names = new String[FEW];
  private JsonToken[] tokens = new JsonToken[FEW];
  private String[] texts = new String[FEW];
  private double[] numbers = new double[FEW];
  private long[] integers = new long[FEW];
  private JsonFields[] nested = new JsonFields[FEW];
  private boolean repeated;
  private int count;

  /** Reads the value at which the parser stands, whatever it is, as the only element. */
  void readValue(JsonParser parser) throws IOException {
    JsonFields inner = count > 0 ? nested[0] : null;
    count = 0;
    repeated = false;
    add(null, parser.currentToken(), parser, inner == null ? new JsonFields() : inner);
  }

  private void read(JsonParser parser) throws IOException {
    count = 0;
    repeated = false;
    boolean object = parser.currentToken() == JsonToken.START_OBJECT;
    while (true) {
      String name = object ? parser.nextFieldName() : null;
      if (object && name == null) {
        return;
      }
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_ARRAY) {
        return;
      }
      boolean nests = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
      add(name, token, parser, nests ? new JsonFields() : null);
    }
  }

  private void add(String name, JsonToken token, JsonParser parser, JsonFields inner)
      throws IOException {
    if (count == MOST) {
      parser.skipChildren();
      repeated = true;
      return;
    }
    repeated |= name != null && indexOf(name) >= 0;
    grow();
    names[count] = name;
    tokens[count] = token;
    switch (token) {
      case VALUE_STRING -> texts[count] = parser.getText();
      case VALUE_NUMBER_FLOAT -> numbers[count] = parser.getDoubleValue();
      case VALUE_NUMBER_INT -> integer(parser);
      case START_OBJECT, START_ARRAY -> {
        inner.read(parser);
        repeated |= inner.repeated;
        nested[count] = inner;
      }
      default -> {
        // true, false and null are their tokens.
      }
    }
    count++;
  }

  /** An integer beyond 64 bits is a number all the same, and none that is asked for. */
  private void integer(JsonParser parser) throws IOException {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      tokens[count] = JsonToken.VALUE_NUMBER_FLOAT;
      numbers[count] = parser.getDoubleValue();
    } else {
      integers[count] = parser.getLongValue();
      numbers[count] = integers[count];
    }
  }

  private void grow() {
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      tokens = Arrays.copyOf(tokens, 2 * count);
      texts = Arrays.copyOf(texts, 2 * count);
      numbers = Arrays.copyOf(numbers, 2 * count);
      integers = Arrays.copyOf(integers, 2 * count);
      nested = Arrays.copyOf(nested, 2 * count);
    }
  }

  /**
   * Whether a name stands here, or in what is nested, twice; or more members than any event has.
   */
  boolean repeated() {
    return repeated;
  }

  int size() {
    return count;
  }

  /** Where a member stands, -1 where it does not. */
  int indexOf(String name) {
    for (int i = 0; i < count; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** What kind of value stands there, null beyond the end. */
  JsonToken token(int index) {
    return index < 0 || index >= count ? null : tokens[index];
  }

  String text(int index) {
    return texts[index];
  }

  double number(int index) {
    return numbers[index];
  }

  long integer(int index) {
    return integers[index];
  }

  JsonFields nested(int index) {
    return nested[index];
  }
}
