package dev.facet.streaming.domain.bundle;

import dev.facet.kernel.identity.BundleId;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Segment;
import java.util.List;

/**
 * Makes manifests. The same id, point, ladder and kernels always give the same manifest, byte for
 * byte once written, so every replica answers a bundle alike.
 */
public final class BundleAssembler {
  private final BundleId id;
  private final Point point;
  private final LadderIndex ladder;
  private final KernelSet kernels;
  private final Cut cut;

  private BundleAssembler(BundleId id, Point point, LadderIndex ladder, KernelSet kernels) {
    this.id = id;
    this.point = point;
    this.ladder = ladder;
    this.kernels = kernels;
    this.cut = new Cut(ladder, point);
  }

  /**
   * Cuts a ladder.
   *
   * @throws InconsistentLadder if ladder and point do not go together or a segment lies outside its
   *     shard
   */
  public static Manifest assemble(BundleId id, Point point, LadderIndex ladder, KernelSet kernels) {
    return new BundleAssembler(id, point, ladder, kernels).assemble();
  }

  private Manifest assemble() {
    BlobRef tokenizer = ladder.tokenizer();
    FrameList frames = FrameList.of(ladder, cut);
    return new Manifest(
        Manifest.FORMAT,
        id.toString(),
        id.model().value(),
        id.revision(),
        point.id(),
        ladder.ladder(),
        point.bodyBits(),
        point.bitsPerWeight(),
        frames.bytes() - tokenizer.bytes(),
        ladder.config(),
        new Manifest.Tokenizer(0, tokenizer.sha256(), tokenizer.bytes()),
        runtime(),
        frames.frames(),
        ladder.tensors().stream().map(tensor -> tensor(tensor, frames)).toList());
  }

  private Manifest.Runtime runtime() {
    List<Manifest.Kernel> modules =
        kernels.of(id.runtime()).stream()
            .map(module -> new Manifest.Kernel(module.name(), module.sha256(), module.bytes()))
            .toList();
    return new Manifest.Runtime(id.runtime(), kernels.revision(), modules);
  }

  private Manifest.Tensor tensor(LadderTensor tensor, FrameList frames) {
    boolean embedded = LadderTensor.EMBEDDED.equals(tensor.encoding());
    int depth = cut.depth(tensor);
    List<Manifest.Segment> segments =
        tensor.segments().stream()
            .filter(segment -> segment.depth() <= depth)
            .map(segment -> segment(tensor, segment, frames))
            .toList();
    return new Manifest.Tensor(
        tensor.name(),
        tensor.group(),
        tensor.rows(),
        tensor.cols(),
        tensor.encoding(),
        embedded ? tensor.anchor() : null,
        embedded ? tensor.shift() : null,
        embedded ? depth : null,
        segments);
  }

  private Manifest.Segment segment(LadderTensor tensor, Segment segment, FrameList frames) {
    int frame = frames.indexOf(segment.shard());
    if (frame < 0) {
      throw new InconsistentLadder(
          name(), "has a segment of %s in a shard it does not list".formatted(tensor.name()));
    }
    long end = segment.offset() + segment.bytes();
    if (segment.offset() < 0 || end > frames.frames().get(frame).bytes()) {
      throw new InconsistentLadder(
          name(), "has a segment of %s that ends outside its shard".formatted(tensor.name()));
    }
    return new Manifest.Segment(
        segment.depth(),
        frame,
        segment.offset(),
        segment.bytes(),
        segment.firstRow(),
        segment.rowCount());
  }

  private String name() {
    return cut.ladderName();
  }
}
