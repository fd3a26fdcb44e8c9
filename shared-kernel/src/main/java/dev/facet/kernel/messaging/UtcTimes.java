package dev.facet.kernel.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Times to the millisecond, {@code 2026-11-24T09:00:00.123Z}, read and written without a formatter:
 * events hold dozens. Any other time is left to {@link Instant}.
 */
public final class UtcTimes {
  private static final String FORM = "0000-00-00T00:00:00.000Z";
  private static final long SECOND = 1000;
  private static final long DAY = 86_400 * SECOND;

  private UtcTimes() {}

  /**
   * @throws java.time.DateTimeException if it is no time in UTC
   */
  public static Instant parse(String text) {
    if (!hasForm(text)) {
      return Instant.parse(text);
    }
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      return Instant.parse(text);
    }
    LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    long ofDay = (hour * 3600L + minute * 60L + second) * SECOND + number(text, 20, 23);
    return Instant.ofEpochMilli(date.toEpochDay() * DAY + ofDay);
  }

  private static boolean hasForm(String text) {
    if (text.length() != FORM.length()) {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char c = text.charAt(i);
      char form = FORM.charAt(i);
      if (form == '0' ? c < '0' || c > '9' : c != form) {
        return false;
      }
    }
    return true;
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = 10 * value + text.charAt(i) - '0';
    }
    return value;
  }

  /** As {@link Instant#toString}. */
  public static String format(Instant at) {
    long ms = at.toEpochMilli();
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(ms, DAY));
    if (at.getNano() == 0
        || at.getNano() % 1_000_000 != 0
        || date.getYear() < 1000
        || date.getYear() > 9999) {
      return at.toString();
    }
    int ofDay = (int) Math.floorMod(ms, DAY);
    byte[] text = FORM.getBytes(StandardCharsets.ISO_8859_1);
    digits(text, 0, 4, date.getYear());
    digits(text, 5, 7, date.getMonthValue());
    digits(text, 8, 10, date.getDayOfMonth());
    digits(text, 11, 13, ofDay / 3_600_000);
    digits(text, 14, 16, ofDay / 60_000 % 60);
    digits(text, 17, 19, ofDay / 1000 % 60);
    digits(text, 20, 23, ofDay % 1000);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static void digits(byte[] text, int from, int to, int value) {
    int rest = value;
    for (int i = to - 1; i >= from; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
