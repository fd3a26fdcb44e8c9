package dev.facet.streaming.domain.bundle;

import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.kernel.ladder.LadderShard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The shards of a cut in the order in which a browser wants them: tokenizer, float32 tensors,
 * embedding, head, a whole model of base planes, then refinements depth by depth. Shards of one
 * ladder lie in execution order.
 */
final class FrameList {
  private static final int BASE = 2;
  private static final String EMBEDDING = "embedding";
  private static final String HEAD = "head";

  private final List<Manifest.Frame> frames = new ArrayList<>();
  private final Map<String, Integer> byDigest = new HashMap<>();

  private FrameList() {}

  static FrameList of(LadderIndex ladder, Cut cut) {
    FrameList list = new FrameList();
    list.add(
        new Manifest.Frame(
            ladder.tokenizer().sha256(), ladder.tokenizer().bytes(), "tokenizer", null, null));
    list.addAll(ladder, Cut.DENSE, shard -> shard.group().equals(Cut.DENSE));
    list.addAll(ladder, EMBEDDING, taken(cut, EMBEDDING));
    list.addAll(ladder, HEAD, taken(cut, HEAD));
    list.addAll(ladder, "base", shard -> layer(shard) && shard.depth() == BASE);
    for (int depth = BASE + 1; depth <= cut.deepest(); depth++) {
      int plane = depth;
      list.addAll(
          ladder,
          "refinement",
          shard -> layer(shard) && shard.depth() == plane && plane <= cut.depth(shard.group()));
    }
    return list;
  }

  private static Predicate<LadderShard> taken(Cut cut, String group) {
    return shard -> shard.group().equals(group) && shard.depth() <= cut.depth(group);
  }

  private static boolean layer(LadderShard shard) {
    return !shard.group().equals(Cut.DENSE)
        && !shard.group().equals(EMBEDDING)
        && !shard.group().equals(HEAD);
  }

  private void addAll(LadderIndex ladder, String stage, Predicate<LadderShard> wanted) {
    boolean dense = stage.equals(Cut.DENSE);
    ladder.shards().stream()
        .filter(wanted)
        .map(
            shard ->
                new Manifest.Frame(
                    shard.sha256(),
                    shard.bytes(),
                    stage,
                    dense ? null : shard.group(),
                    dense ? null : shard.depth()))
        .forEach(this::add);
  }

  /** Shards of equal content are one frame. */
  private void add(Manifest.Frame frame) {
    if (byDigest.putIfAbsent(frame.sha256(), frames.size()) == null) {
      frames.add(frame);
    }
  }

  List<Manifest.Frame> frames() {
    return Collections.unmodifiableList(frames);
  }

  /** Index of the frame that is the shard; -1 when the cut has none. */
  int indexOf(String shard) {
    return byDigest.getOrDefault(shard, -1);
  }

  long bytes() {
    return frames.stream().mapToLong(Manifest.Frame::bytes).sum();
  }
}
