package dev.facet.streaming;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.kernel.ladder.LadderShard;
import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Segment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small ladder with its blobs: two layers, an untied head, shards of seeded noise. */
public final class SampleLadder {
  public static final String MODEL = "sample";
  public static final String REVISION = "0123456789ab";

  private final int scale;
  private final Random noise = new Random(7);
  private final Map<String, byte[]> blobs = new LinkedHashMap<>();
  private final List<LadderTensor> tensors = new ArrayList<>();
  private final List<LadderShard> shards = new ArrayList<>();
  private final BlobRef tokenizer;

  /**
   * @param scale by which shards are larger than the smallest
   */
  public SampleLadder(int scale) {
    this.scale = scale;
    this.tokenizer = store(noise(700));
    dense();
    embedded("model.embed_tokens.weight", "embedding", 6);
    for (int layer = 0; layer < 2; layer++) {
      String name = "model.layers." + layer;
      embedded(name + ".self_attn.q_proj.weight", "layers." + layer + ".qk", 4);
      embedded(name + ".mlp.down_proj.weight", "layers." + layer + ".down", 4);
    }
    embedded("lm_head.weight", "head", 6);
  }

  private void dense() {
    BlobRef blob = store(noise(256));
    shards.add(new LadderShard(blob.sha256(), blob.bytes(), "dense", 0));
    tensors.add(
        new LadderTensor(
            "model.norm.weight",
            "dense",
            1,
            64,
            LadderTensor.F32,
            0,
            0,
            List.of(new Segment(0, blob.sha256(), 0, 256, 0, 1))));
  }

  private void embedded(String name, String group, int anchor) {
    List<Segment> segments = new ArrayList<>();
    for (int depth = 2; depth <= anchor; depth++) {
      BlobRef blob = store(noise(1000 * scale + depth));
      shards.add(new LadderShard(blob.sha256(), blob.bytes(), group, depth));
      segments.add(new Segment(depth, blob.sha256(), 0, blob.bytes(), 0, 64));
    }
    tensors.add(
        new LadderTensor(
            name,
            group,
            64,
            64,
            LadderTensor.EMBEDDED,
            anchor,
            anchor > 4 ? 0 : 0.0625f,
            segments));
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    noise.nextBytes(bytes);
    return bytes;
  }

  /** Adds a blob. */
  public BlobRef store(byte[] content) {
    String digest = Digest.of(content).hex();
    blobs.put(digest, content);
    return new BlobRef(digest, content.length);
  }

  public Map<String, byte[]> blobs() {
    return blobs;
  }

  public LadderIndex index() {
    return new LadderIndex(
        LadderIndex.FORMAT,
        MODEL,
        REVISION,
        "full",
        config(),
        tokenizer,
        tensors,
        shards,
        Map.of());
  }

  public static ArchitectureConfig config() {
    return new ArchitectureConfig(
        "llama", 64, 2, 4, 2, 16, 64, 64, 128, 10000, null, 1e-5, false, 0, List.of(0));
  }

  /**
   * A point whose layers have the bits given; {@code layers.1.down} one less, as mixed precision
   * has it.
   */
  public static Point point(int bits) {
    Map<String, Integer> depths = new LinkedHashMap<>();
    depths.put("embedding", 6);
    depths.put("head", 6);
    for (int layer = 0; layer < 2; layer++) {
      depths.put("layers." + layer + ".qk", bits);
      depths.put("layers." + layer + ".down", Math.max(2, bits - layer));
    }
    return new Point("full-" + bits, "full", bits + 0.25, bits + 0.5, 1, null, depths);
  }

  /** The event that offers the ladder. */
  public ModelPublished published(String model, BlobRef index) {
    return new ModelPublished(
        model,
        REVISION,
        24_576,
        config(),
        tokenizer,
        List.of(new ModelPublished.Ladder("full", index)),
        List.of(point(2), point(3), point(4)),
        Instant.parse("2026-11-23T10:00:00Z"));
  }
}
