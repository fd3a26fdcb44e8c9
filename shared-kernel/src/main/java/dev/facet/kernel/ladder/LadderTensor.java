package dev.facet.kernel.ladder;

import java.util.List;

/**
 * One tensor of a ladder.
 *
 * @param group tensor group, the unit of precision
 * @param encoding {@code embedded} or {@code f32}
 * @param anchor deepest plane stored; 0 for {@code f32}
 * @param shift offset of shifted groups relative to their scale; 0 for {@code f32}
 */
public record LadderTensor(
    String name,
    String group,
    int rows,
    int cols,
    String encoding,
    int anchor,
    float shift,
    List<Segment> segments) {
  public static final String EMBEDDED = "embedded";
  public static final String F32 = "f32";
}
