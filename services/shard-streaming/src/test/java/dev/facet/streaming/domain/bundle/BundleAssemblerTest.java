package dev.facet.streaming.domain.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.BundleId;
import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.kernel.ladder.LadderShard;
import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Segment;
import dev.facet.streaming.SampleLadder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BundleAssemblerTest {
  private static final KernelSet KERNELS =
      new KernelSet(
          "0a1b2c3d4e5f",
          List.of(
              new KernelSet.Module("a.wasm", "wasm", "wasm", "a".repeat(64), 10),
              new KernelSet.Module("b.wgsl", "wgsl", "webgpu", "b".repeat(64), 20),
              new KernelSet.Module("c.wgsl", "wgsl", "webgpu", "c".repeat(64), 30)));

  private final LadderIndex ladder = new SampleLadder(1).index();

  private static BundleId id(int bits, String runtime) {
    return BundleId.parse("sample~0123456789ab~full-%d~%s~0a1b2c3d4e5f".formatted(bits, runtime));
  }

  private Manifest assemble(int bits) {
    return BundleAssembler.assemble(id(bits, "wasm"), SampleLadder.point(bits), ladder, KERNELS);
  }

  private static List<String> order(Manifest manifest) {
    return manifest.frames().stream()
        .map(
            f ->
                f.group() == null
                    ? f.stage()
                    : "%s %s@%d".formatted(f.stage(), f.group(), f.depth()))
        .toList();
  }

  @Test
  void framesAreInPriorityOrder() {
    assertThat(order(assemble(4)))
        .containsExactly(
            "tokenizer",
            "dense",
            "embedding embedding@2",
            "embedding embedding@3",
            "head head@2",
            "head head@3",
            "base layers.0.qk@2",
            "base layers.0.down@2",
            "base layers.1.qk@2",
            "base layers.1.down@2",
            "refinement layers.0.qk@3",
            "refinement layers.0.down@3",
            "refinement layers.1.qk@3",
            "refinement layers.1.down@3",
            "refinement embedding@4",
            "refinement layers.0.qk@4",
            "refinement layers.0.down@4",
            "refinement layers.1.qk@4",
            "refinement head@4",
            "refinement embedding@5",
            "refinement head@5",
            "refinement embedding@6",
            "refinement head@6");
  }

  @Test
  void whereLossesAreForetoldWhatGainsMostForItsBytesComesFirst() {
    Map<String, List<Double>> losses =
        Map.of(
            "embedding", List.of(.2, .05, .03, .02, .0),
            "head", List.of(.2, .19, .18, .17, .0),
            "layers.0.qk", List.of(.012, .011, .0),
            "layers.0.down", List.of(.1, .02, .01),
            "layers.1.qk", List.of(.03, .01, .005),
            "layers.1.down", List.of(.1, .01));

    List<String> order =
        order(
            BundleAssembler.assemble(
                id(4, "wasm"),
                SampleLadder.point(4),
                with(ladder.shards(), ladder.tensors(), losses),
                KERNELS));

    // A quarter of .242, the layers' loss at their base planes, is allowed: 3 bits of the
    // embedding,
    // all of the head.
    assertThat(order.subList(2, 9))
        .containsExactly(
            "embedding embedding@2",
            "embedding embedding@3",
            "head head@2",
            "head head@3",
            "head head@4",
            "head head@5",
            "head head@6");
    // 3 bits of layers.0.qk bring least, but with the fourth more than that of layers.1.qk.
    assertThat(order.subList(13, order.size()))
        .containsExactly(
            "refinement layers.1.down@3",
            "refinement layers.0.down@3",
            "refinement layers.1.qk@3",
            "refinement embedding@4",
            "refinement embedding@5",
            "refinement embedding@6",
            "refinement layers.0.down@4",
            "refinement layers.0.qk@3",
            "refinement layers.0.qk@4",
            "refinement layers.1.qk@4");
  }

  @Test
  void aLeanerCutIsWithoutTheDeeperPlanes() {
    assertThat(order(assemble(2)))
        .noneMatch(frame -> frame.startsWith("refinement layers"))
        .contains("refinement embedding@6");
    assertThat(order(assemble(3)))
        .contains("refinement layers.0.qk@3")
        .doesNotContain("refinement layers.1.down@3");
  }

  @Test
  void everySegmentLiesInItsFrame() {
    for (int bits : new int[] {2, 3, 4}) {
      Manifest manifest = assemble(bits);
      for (Manifest.Tensor tensor : manifest.tensors()) {
        int planes = tensor.bits() == null ? 1 : tensor.bits() - 1;
        assertThat(tensor.segments()).hasSize(planes);
        for (Manifest.Segment segment : tensor.segments()) {
          Manifest.Frame frame = manifest.frames().get(segment.frame());
          assertThat(segment.offset() + segment.bytes()).isLessThanOrEqualTo(frame.bytes());
          if (frame.depth() != null) {
            assertThat(frame.depth()).isEqualTo(segment.depth());
            assertThat(frame.group()).isEqualTo(tensor.group());
          }
        }
      }
    }
  }

  @Test
  void countsAllBytesButTheTokenizer() {
    Manifest manifest = assemble(3);
    long all = manifest.frames().stream().mapToLong(Manifest.Frame::bytes).sum();

    assertThat(manifest.bytes()).isEqualTo(all - manifest.tokenizer().bytes());
    assertThat(manifest.frames().get(manifest.tokenizer().frame()).sha256())
        .isEqualTo(manifest.tokenizer().sha256());
  }

  @Test
  void carriesTheKernelsOfItsRuntimeAlone() {
    Manifest gpu =
        BundleAssembler.assemble(id(4, "webgpu"), SampleLadder.point(4), ladder, KERNELS);

    assertThat(gpu.runtime().kernels())
        .extracting(Manifest.Kernel::name)
        .containsExactly("b.wgsl", "c.wgsl");
    assertThat(assemble(4).runtime().kernels())
        .extracting(Manifest.Kernel::name)
        .containsExactly("a.wasm");
  }

  @Test
  void aPointDeeperThanAnAnchorStopsAtTheAnchor() {
    Map<String, Integer> depths = new HashMap<>(SampleLadder.point(4).bits());
    depths.replaceAll((group, bits) -> 8);
    Point deep = new Point("full-4", "full", 8, 8, 1, null, depths);

    Manifest manifest = BundleAssembler.assemble(id(4, "wasm"), deep, ladder, KERNELS);

    assertThat(manifest.tensors())
        .filteredOn(t -> t.bits() != null)
        .allSatisfy(t -> assertThat(t.bits()).isEqualTo(t.anchor()));
  }

  @Test
  void shardsOfEqualContentAreOneFrame() {
    List<LadderShard> shards = new ArrayList<>(ladder.shards());
    LadderShard base =
        shards.stream().filter(s -> s.group().equals("layers.0.qk")).findFirst().get();
    shards.add(new LadderShard(base.sha256(), base.bytes(), "layers.1.qk", 2));

    Manifest manifest =
        BundleAssembler.assemble(
            id(2, "wasm"),
            SampleLadder.point(2),
            with(shards, ladder.tensors(), Map.of()),
            KERNELS);

    assertThat(manifest.frames()).extracting(Manifest.Frame::sha256).doesNotHaveDuplicates();
  }

  private LadderIndex with(
      List<LadderShard> shards, List<LadderTensor> tensors, Map<String, List<Double>> losses) {
    return new LadderIndex(
        ladder.format(),
        ladder.model(),
        ladder.revision(),
        ladder.ladder(),
        ladder.config(),
        ladder.tokenizer(),
        tensors,
        shards,
        losses);
  }

  @Test
  void refusesALadderThatListsNoShardForASegment() {
    List<LadderShard> shards = new ArrayList<>(ladder.shards());
    shards.removeIf(shard -> shard.group().equals("layers.1.qk") && shard.depth() == 3);

    assertThatThrownBy(
            () ->
                BundleAssembler.assemble(
                    id(4, "wasm"),
                    SampleLadder.point(4),
                    with(shards, ladder.tensors(), Map.of()),
                    KERNELS))
        .isInstanceOf(InconsistentLadder.class)
        .hasMessageContaining("model.layers.1.self_attn.q_proj.weight");
  }

  @Test
  void refusesASegmentOutsideItsShard() {
    LadderTensor norm = ladder.tensors().get(0);
    Segment segment = norm.segments().get(0);
    Segment long_ = new Segment(0, segment.shard(), 1, segment.bytes(), 0, 1);
    List<LadderTensor> tensors = new ArrayList<>(ladder.tensors());
    tensors.set(
        0,
        new LadderTensor(norm.name(), norm.group(), 1, 64, norm.encoding(), 0, 0, List.of(long_)));

    assertThatThrownBy(
            () ->
                BundleAssembler.assemble(
                    id(4, "wasm"),
                    SampleLadder.point(4),
                    with(ladder.shards(), tensors, Map.of()),
                    KERNELS))
        .isInstanceOf(InconsistentLadder.class)
        .hasMessageContaining("model.norm.weight");
  }

  @Test
  void refusesAPointThatLeavesAGroupOut() {
    Map<String, Integer> depths = new HashMap<>(SampleLadder.point(4).bits());
    depths.remove("layers.0.down");
    Point point = new Point("full-4", "full", 4, 4, 1, null, depths);

    assertThatThrownBy(() -> BundleAssembler.assemble(id(4, "wasm"), point, ladder, KERNELS))
        .isInstanceOf(InconsistentLadder.class)
        .hasMessageContaining("layers.0.down");
  }
}
