package dev.facet.streaming.domain.bundle;

import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.kernel.ladder.LadderShard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The shards of a cut in the order in which a browser wants them: tokenizer, float32 tensors,
 * embedding and head as deep as a first token needs them, a whole model of base planes, then what
 * refines, by quality gained for each byte. Shards of one ladder lie in execution order.
 */
final class FrameList {
  private static final int BASE = 2;
  private static final String EMBEDDING = "embedding";
  private static final String HEAD = "head";
  private static final Set<String> NOT_LAYERS = Set.of(Cut.DENSE, EMBEDDING, HEAD);

  private final LadderIndex ladder;
  private final Cut cut;
  private final FirstDepths first;
  private final List<Manifest.Frame> frames = new ArrayList<>();
  private final Map<String, Integer> byDigest = new HashMap<>();

  private FrameList(LadderIndex ladder, Cut cut) {
    this.ladder = ladder;
    this.cut = cut;
    Set<String> layers =
        ladder.shards().stream()
            .map(LadderShard::group)
            .filter(group -> !NOT_LAYERS.contains(group))
            .collect(Collectors.toSet());
    this.first = new FirstDepths(new ForetoldLosses(ladder.losses()), layers);
  }

  static FrameList of(LadderIndex ladder, Cut cut) {
    FrameList list = new FrameList(ladder, cut);
    list.add(
        new Manifest.Frame(
            ladder.tokenizer().sha256(), ladder.tokenizer().bytes(), "tokenizer", null, null));
    list.addAll(Cut.DENSE, shard -> shard.group().equals(Cut.DENSE));
    list.addFirst(EMBEDDING);
    list.addFirst(HEAD);
    list.addAll("base", shard -> !NOT_LAYERS.contains(shard.group()) && shard.depth() == BASE);
    list.addRefinements();
    return list;
  }

  private void addFirst(String group) {
    addAll(
        group, shard -> shard.group().equals(group) && shard.depth() <= firstDepth(shard.group()));
  }

  private void addRefinements() {
    Map<String, Plane> planes = new LinkedHashMap<>();
    for (LadderShard shard : ladder.shards()) {
      if (refines(shard)) {
        planes
            .computeIfAbsent(
                shard.group() + '@' + shard.depth(),
                key -> new Plane(shard.group(), shard.depth(), new ArrayList<>()))
            .shards()
            .add(shard);
      }
    }
    RefinementOrder.of(List.copyOf(planes.values()), new ForetoldLosses(ladder.losses()))
        .forEach(plane -> plane.shards().forEach(shard -> add("refinement", shard)));
  }

  private boolean refines(LadderShard shard) {
    return !shard.group().equals(Cut.DENSE)
        && shard.depth() > firstDepth(shard.group())
        && shard.depth() <= cut.depth(shard.group());
  }

  /** Depth of a group when the model can answer. */
  private int firstDepth(String group) {
    return NOT_LAYERS.contains(group) ? first.of(group, cut.depth(group)) : BASE;
  }

  private void addAll(String stage, Predicate<LadderShard> wanted) {
    ladder.shards().stream().filter(wanted).forEach(shard -> add(stage, shard));
  }

  private void add(String stage, LadderShard shard) {
    boolean dense = stage.equals(Cut.DENSE);
    add(
        new Manifest.Frame(
            shard.sha256(),
            shard.bytes(),
            stage,
            dense ? null : shard.group(),
            dense ? null : shard.depth()));
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
