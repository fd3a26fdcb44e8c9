package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.Point;
import java.util.function.ToLongFunction;

/**
 * Bytes that a model takes in a browser once its planes are merged into packed tensors
 * (docs/codec.md "Packed layouts for kernels").
 */
final class Footprint {
  private static final int GROUP = 32;
  private static final int FLOAT = 4;

  /** Positions that a prefill step carries at once. */
  private static final int PREFILL_BLOCK = 128;

  /**
   * Of a cache in codes (docs/kv-cache.md): tokens of a block, first tokens that are never coded.
   */
  private static final int BLOCK = 32;

  private static final int SINKS = 4;
  private static final int RING_STEP = 64;
  private static final int VALUE_GROUP = 64;
  private static final int HALF = 2;

  /** Largest frame of a stream: one is being hashed while the next arrives. */
  private static final long FRAMES_IN_FLIGHT = 2L * (4 << 20);

  /** Script, WebAssembly code, shader modules and the worker's own heap. */
  private static final long RUNTIME = 24L << 20;

  /** A parsed tokenizer's tables against its file. */
  private static final int TOKENIZER_GROWTH = 8;

  private final ArchitectureConfig config;
  private final TensorGroups groups;
  private final long tokenizerBytes;
  private final CachePrecision cache;

  Footprint(ModelOffer model, CachePrecision cache) {
    this.cache = cache;
    this.config = model.config();
    this.groups = TensorGroups.of(config);
    this.tokenizerBytes = model.tokenizerBytes();
  }

  /** Packed weights of a point, with scales and the tensors that stay float32. */
  long weights(Point point) {
    return groups.sum(group -> packed(group, point)) + groups.denseWeights() * FLOAT;
  }

  /** Keys and values for a whole context. */
  long cache(int contextLength) {
    long heads = (long) config.layers() * config.kvHeads();
    return cache.coded()
        ? heads * codedHead(contextLength)
        : 2 * heads * config.headDim() * contextLength * FLOAT;
  }

  /** Blocks of codes of one head, and the ring of recent tokens and the sinks in float16. */
  private long codedHead(int contextLength) {
    int channels = config.headDim();
    long blocks = Math.max(0, contextLength - cache.window() - SINKS) / BLOCK;
    long codes = (long) BLOCK * channels * (cache.keyBits() + cache.valueBits()) / Byte.SIZE;
    long keySteps = 2L * HALF * channels;
    long valueSteps = 2L * HALF * BLOCK * ((channels + VALUE_GROUP - 1) / VALUE_GROUP);
    long asTheyAre = SINKS + cache.window() + BLOCK + RING_STEP;
    return blocks * (codes + keySteps + valueSteps) + 2 * asTheyAre * channels * HALF;
  }

  /**
   * Everything else: activations, scores, frames in flight, a group being merged, tokenizer, code.
   */
  long work(Point point, int contextLength) {
    long position =
        4L * config.hiddenSize()
            + 2L * config.intermediateSize()
            + 2L * (config.heads() + config.kvHeads()) * config.headDim();
    long activations = PREFILL_BLOCK * position + config.vocabSize();
    long scores = (long) config.heads() * contextLength;
    long merging = groups.largest(group -> packed(group, point));
    return (activations + scores) * FLOAT
        + merging
        + FRAMES_IN_FLIGHT
        + tokenizerBytes * TOKENIZER_GROWTH
        + RUNTIME;
  }

  /** All of it. */
  long total(Point point, int contextLength) {
    return weights(point) + cache(contextLength) + work(point, contextLength);
  }

  /** Packed codes of the largest single tensor: what a GPU must bind, or split by rows. */
  long largestTensor(Point point) {
    ToLongFunction<TensorGroups.Group> codes =
        group -> group.largestTensorRows() * wordBytes(group, depth(group, point));
    return groups.largest(codes);
  }

  private static long packed(TensorGroups.Group group, Point point) {
    long scaleBytes = (group.cols() + GROUP - 1) / GROUP;
    return group.rows() * (wordBytes(group, depth(group, point)) + scaleBytes + FLOAT);
  }

  private static int depth(TensorGroups.Group group, Point point) {
    Integer bits = point.bits().get(group.name());
    return bits == null ? (int) Math.ceil(point.bodyBits()) : bits;
  }

  private static long wordBytes(TensorGroups.Group group, int depth) {
    int words = depth <= 4 ? Math.max(depth, 2) : 8;
    return (group.cols() + GROUP - 1) / GROUP * words * Integer.BYTES;
  }
}
