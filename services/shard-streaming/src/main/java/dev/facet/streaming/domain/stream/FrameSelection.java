package dev.facet.streaming.domain.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which frames of a bundle a stream has: those that its reader still lacks.
 *
 * @param spans ascending, without overlap; ends may lie beyond the last frame
 */
public record FrameSelection(List<Span> spans) {
  /** Frames {@code first} to {@code last}, both included. */
  public record Span(int first, int last) {}

  /** A list that is longer is not a list of frames. */
  private static final int LONGEST = 8_192;

  private static final Pattern AFTER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9})?)?");

  /**
   * Reads a request's parameters; without any the stream has all frames.
   *
   * @param after number of the last frame that is not wanted, null if not given
   * @param frames {@code 3,7-9,12-}: numbers and spans, ascending, the last of which may be without
   *     an end; null if not given
   * @throws InvalidPosition if one of them is nothing of the kind, or both are given
   */
  public static FrameSelection of(String after, String frames) {
    if (frames != null) {
      if (after != null) {
        throw new InvalidPosition("frames", "left out where after is given", frames);
      }
      return new FrameSelection(spans(frames));
    }
    if (after == null) {
      return from(0);
    }
    if (!AFTER.matcher(after).matches()) {
      throw new InvalidPosition("after", "the number of the last frame received", after);
    }
    return from(Integer.parseInt(after) + 1);
  }

  private static FrameSelection from(int first) {
    return new FrameSelection(List.of(new Span(first, Integer.MAX_VALUE)));
  }

  private static List<Span> spans(String frames) {
    List<Span> spans = new ArrayList<>();
    int next = 0;
    for (String part : frames.length() > LONGEST ? new String[] {""} : frames.split(",", -1)) {
      Matcher match = SPAN.matcher(part);
      Span span = match.matches() ? span(match) : new Span(-1, -1);
      if (span.first() < next || span.last() < span.first()) {
        throw new InvalidPosition(
            "frames", "numbers of frames and spans of them, ascending, like 3,7-9,12-", frames);
      }
      spans.add(span);
      next = span.last() == Integer.MAX_VALUE ? span.last() : span.last() + 1;
    }
    return List.copyOf(spans);
  }

  private static Span span(Matcher match) {
    int first = Integer.parseInt(match.group(1));
    if (match.group(2) != null) {
      return new Span(first, Integer.parseInt(match.group(2)));
    }
    return new Span(first, match.group().endsWith("-") ? Integer.MAX_VALUE : first);
  }

  /**
   * The chosen ones among the first {@code count} frames, ascending.
   *
   * @param count frames that there are
   */
  public int[] among(int count) {
    return spans.stream()
        .flatMapToInt(
            span -> IntStream.range(span.first(), (int) Math.min(count, span.last() + 1L)))
        .toArray();
  }
}
