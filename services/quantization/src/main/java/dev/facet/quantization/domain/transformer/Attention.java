package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.domain.kernel.Exponential;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.MatrixSlice;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.Arrays;

/** Causal attention in which several query heads share a key and value head. */
final class Attention {
  private static final int QUERY_BLOCK = 64;

  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final MatrixKernel kernel;
  private final Workers workers;

  Attention(ArchitectureConfig config, MatrixKernel kernel, Workers workers) {
    this.heads = config.heads();
    this.kvHeads = config.kvHeads();
    this.headDim = config.headDim();
    this.kernel = kernel;
    this.workers = workers;
  }

  /**
   * @param queries {@code count x heads x headDim}, turned to their positions
   * @param keys {@code count x kvHeads x headDim}, turned to their positions
   * @param values {@code count x kvHeads x headDim}
   * @return {@code count x heads x headDim}
   */
  float[] apply(float[] queries, float[] keys, float[] values, int count) {
    float[] mixed = new float[queries.length];
    workers.forEach(
        kvHeads,
        kvHead -> {
          MatrixSlice columns = transposed(values, kvHead, count);
          MatrixSlice key = new MatrixSlice(keys, kvHead * headDim, kvHeads * headDim);
          int shared = heads / kvHeads;
          for (int head = kvHead * shared; head < (kvHead + 1) * shared; head++) {
            mix(head, queries, key, columns, count, mixed);
          }
        });
    return mixed;
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
      int head, float[] queries, MatrixSlice key, MatrixSlice columns, int count, float[] mixed) {
    float[] scores = new float[QUERY_BLOCK * count];
    int stride = heads * headDim;
    for (int first = 0; first < count; first += QUERY_BLOCK) {
      int rows = Math.min(QUERY_BLOCK, count - first);
      int seen = first + rows;
      int offset = first * stride + head * headDim;
      MatrixSlice query = new MatrixSlice(queries, offset, stride);
      MatrixSlice block = MatrixSlice.of(scores, seen);
      kernel.multiplyTransposed(query, key, rows, seen, headDim, block);
      for (int r = 0; r < rows; r++) {
        softmax(scores, r * seen, first + r + 1, seen);
      }
      MatrixSlice target = new MatrixSlice(mixed, offset, stride);
      kernel.multiplyTransposed(block, columns, rows, headDim, seen, target);
    }
  }

  /** Turns all scores, {@code count x count}, to shares. */
  void softmax(MatrixSlice scores, int count) {
    for (int t = 0; t < count; t++) {
      softmax(scores.data(), scores.row(t), t + 1, count);
    }
  }

  /** Turns scores of the positions up to the query's own to shares; later positions get none. */
  private void softmax(float[] scores, int from, int visible, int seen) {
    float scale = (float) (1 / Math.sqrt(headDim));
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + visible; i++) {
      largest = Math.max(largest, scores[i]);
    }
    float sum = 0;
    for (int i = from; i < from + visible; i++) {
      scores[i] = Exponential.exp((scores[i] - largest) * scale);
      sum += scores[i];
    }
    float share = 1 / sum;
    for (int i = from; i < from + visible; i++) {
      scores[i] *= share;
    }
    Arrays.fill(scores, from + visible, from + seen, 0);
  }
}
