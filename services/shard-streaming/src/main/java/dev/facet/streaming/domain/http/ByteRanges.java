package dev.facet.streaming.domain.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the Range header (RFC 9110, 14.2). Several ranges are joined where they touch; when more
 * than one is left, or more than {@value #MOST} were asked for, the whole blob is the answer, which
 * the RFC allows and which keeps overlapping ranges from multiplying the work.
 */
public final class ByteRanges {
  static final int MOST = 8;

  private static final String UNIT = "bytes=";
  private static final Pattern SPEC = Pattern.compile("(\\d*)-(\\d*)");
  private static final int DIGITS = 18;

  private ByteRanges() {}

  /**
   * What a header asks of a blob.
   *
   * @param header value of Range, null when absent
   * @param length bytes of the blob
   */
  public static RangeAnswer parse(String header, long length) {
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
      return new RangeAnswer.Whole();
    }
    List<String> specs = elements(header.substring(UNIT.length()));
    if (specs.isEmpty() || specs.size() > MOST) {
      return new RangeAnswer.Whole();
    }
    return answer(specs, length);
  }

  /** Elements of a list; empty ones do not count (RFC 9110, 5.6.1.2). */
  private static List<String> elements(String list) {
    List<String> elements = new ArrayList<>();
    for (String element : list.split(",", -1)) {
      if (!element.isBlank()) {
        elements.add(element.strip());
      }
    }
    return elements;
  }

  private static RangeAnswer answer(List<String> specs, long length) {
    List<ByteRange> ranges = new ArrayList<>();
    for (String spec : specs) {
      Matcher parts = SPEC.matcher(spec);
      if (!parts.matches() || malformed(parts.group(1), parts.group(2))) {
        return new RangeAnswer.Whole();
      }
      satisfiable(parts.group(1), parts.group(2), length).ifPresent(ranges::add);
    }
    if (ranges.isEmpty()) {
      return new RangeAnswer.Unsatisfiable();
    }
    List<ByteRange> joined = join(ranges);
    return joined.size() == 1 ? new RangeAnswer.Part(joined.get(0)) : new RangeAnswer.Whole();
  }

  private static boolean malformed(String first, String last) {
    if (first.isEmpty()) {
      return last.isEmpty();
    }
    return !last.isEmpty() && number(first) > number(last);
  }

  private static Optional<ByteRange> satisfiable(String first, String last, long length) {
    if (first.isEmpty()) {
      long suffix = Math.min(number(last), length);
      return suffix == 0
          ? Optional.empty()
          : Optional.of(new ByteRange(length - suffix, length - 1));
    }
    long start = number(first);
    long end = last.isEmpty() ? length - 1 : Math.min(number(last), length - 1);
    return start >= length ? Optional.empty() : Optional.of(new ByteRange(start, end));
  }

  /** A number of any size; beyond what a blob can have, all are alike. */
  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
  }

  private static List<ByteRange> join(List<ByteRange> ranges) {
    ranges.sort(Comparator.comparingLong(ByteRange::first));
    List<ByteRange> joined = new ArrayList<>();
    for (ByteRange range : ranges) {
      int end = joined.size() - 1;
      if (end >= 0 && joined.get(end).touches(range)) {
        joined.set(end, joined.get(end).joined(range));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }
}
