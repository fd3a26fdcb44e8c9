package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.DecoderTraits;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.MatrixSlice;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.Arrays;
import java.util.Optional;

/**
 * Causal attention in which several query heads share a key and value head, each token seeing all
 * before it or those within its layer's window.
 */
final class Attention {
  private static final int QUERY_BLOCK = 64;

  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final DecoderTraits traits;
  private final MatrixKernel kernel;
  private final Workers workers;

  Attention(ArchitectureConfig config, MatrixKernel kernel, Workers workers) {
    this.heads = config.heads();
    this.kvHeads = config.kvHeads();
    this.headDim = config.headDim();
    this.traits = config.traits();
    this.kernel = kernel;
    this.workers = workers;
  }

  /**
   * @param layer counted from 0
   * @param queries {@code count x heads x headDim}, turned to their positions
   * @param keys {@code count x kvHeads x headDim}, turned to their positions
   * @param values {@code count x kvHeads x headDim}
   * @param cached bits of keys and values as tokens far enough behind see them
   * @return {@code count x heads x headDim}
   */
  float[] apply(
      int layer,
      float[] queries,
      float[] keys,
      float[] values,
      int count,
      Optional<KvPrecision> cached) {
    float[] mixed = new float[queries.length];
    int width = kvHeads * headDim;
    Cache near = new Cache(keys, values);
    Optional<Cache> far =
        cached.map(
            bits ->
                new Cache(
                    CodedKv.keys(keys, width, bits.keys()),
                    CodedKv.values(values, kvHeads, headDim, bits.values())));
    workers.forEach(
        kvHeads,
        kvHead -> {
          HeadCache nearHead = head(near, kvHead, count);
          Optional<HeadCache> farHead = far.map(cache -> head(cache, kvHead, count));
          int shared = heads / kvHeads;
          for (int head = kvHead * shared; head < (kvHead + 1) * shared; head++) {
            mix(head, traits.window(layer), queries, nearHead, farHead, count, mixed);
          }
        });
    return mixed;
  }

  private record Cache(float[] keys, float[] values) {}

  /** One head's keys, {@code count x headDim}, and values, {@code headDim x count}. */
  private record HeadCache(MatrixSlice keys, MatrixSlice values) {}

  private HeadCache head(Cache cache, int kvHead, int count) {
    return new HeadCache(
        new MatrixSlice(cache.keys, kvHead * headDim, kvHeads * headDim),
        transposed(cache.values, kvHead, count));
  }

  /** Values of one head as {@code headDim x count}. */
  private MatrixSlice transposed(float[] values, int kvHead, int count) {
    float[] columns = new float[headDim * count];
    for (int t = 0; t < count; t++) {
      for (int d = 0; d < headDim; d++) {
        columns[d * count + t] = values[(t * kvHeads + kvHead) * headDim + d];
      }
    }
    return MatrixSlice.of(columns, count);
  }

  private void mix(
      int head,
      int window,
      float[] queries,
      HeadCache near,
      Optional<HeadCache> far,
      int count,
      float[] mixed) {
    float[] scores = new float[QUERY_BLOCK * count];
    float[] farScores = new float[far.isPresent() ? scores.length : 0];
    int stride = heads * headDim;
    for (int first = 0; first < count; first += QUERY_BLOCK) {
      int rows = Math.min(QUERY_BLOCK, count - first);
      int seen = first + rows;
      MatrixSlice query = new MatrixSlice(queries, first * stride + head * headDim, stride);
      MatrixSlice block = MatrixSlice.of(scores, seen);
      kernel.multiplyTransposed(query, near.keys, rows, seen, headDim, block);
      if (far.isPresent()) {
        MatrixSlice farBlock = MatrixSlice.of(farScores, seen);
        kernel.multiplyTransposed(query, far.get().keys, rows, seen, headDim, farBlock);
        exchange(scores, farScores, first, rows, seen);
      }
      for (int r = 0; r < rows; r++) {
        softmax(scores, r * seen, first + r + 1, seen, window);
      }
      MatrixSlice target = new MatrixSlice(mixed, first * stride + head * headDim, stride);
      if (far.isPresent()) {
        Arrays.fill(farScores, 0);
        exchange(farScores, scores, first, rows, seen);
        addFar(farScores, far.get(), rows, seen, mixed, target, scores, near);
      } else {
        kernel.multiplyTransposed(block, near.values, rows, headDim, seen, target);
      }
    }
  }

  /** Swaps what belongs to coded tokens between two blocks of scores or shares. */
  private static void exchange(float[] one, float[] other, int first, int rows, int seen) {
    for (int r = 0; r < rows; r++) {
      int end = Math.min(KvPrecision.codedEnd(first + r), seen);
      for (int i = r * seen + KvPrecision.SINKS; i < r * seen + end; i++) {
        float value = one[i];
        one[i] = other[i];
        other[i] = value;
      }
    }
  }

  /** Sums values with the shares of coded tokens and with those of the others. */
  private void addFar(
      float[] farShares,
      HeadCache far,
      int rows,
      int seen,
      float[] mixed,
      MatrixSlice target,
      float[] shares,
      HeadCache near) {
    MatrixSlice sums = MatrixSlice.of(new float[rows * headDim], headDim);
    kernel.multiplyTransposed(
        MatrixSlice.of(farShares, seen), far.values, rows, headDim, seen, sums);
    kernel.multiplyTransposed(
        MatrixSlice.of(shares, seen), near.values, rows, headDim, seen, target);
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < headDim; d++) {
        mixed[target.row(r) + d] += sums.data()[r * headDim + d];
      }
    }
  }

  /** Turns all scores of a layer, {@code count x count}, to shares. */
  void softmax(MatrixSlice scores, int count, int layer) {
    for (int t = 0; t < count; t++) {
      softmax(scores.data(), scores.row(t), t + 1, count, traits.window(layer));
    }
  }

  /**
   * Turns the scores of a query to shares. Positions after its own get none, nor do those before
   * its window.
   *
   * @param end of the positions up to the query's own
   */
  private void softmax(float[] scores, int from, int end, int seen, int window) {
    int first = Math.max(0, end - window);
    Softmax.apply(scores, from + first, from + end, scale(), softcap());
    Arrays.fill(scores, from, from + first, 0);
    Arrays.fill(scores, from + end, from + seen, 0);
  }

  /** What products of queries and keys are multiplied by. */
  float scale() {
    return (float) (1 / Math.sqrt(headDim));
  }

  /** Bound of the scores; 0 for none. */
  float softcap() {
    return traits.attentionSoftcap() == null ? 0 : traits.attentionSoftcap().floatValue();
  }
}
