package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.MatrixSlice;
import dev.facet.quantization.domain.kernel.Workers;

/** The way back through causal attention: shares are computed again, head by head. */
final class AttentionGradient {
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final Attention attention;
  private final MatrixKernel kernel;
  private final Workers workers;

  AttentionGradient(
      ArchitectureConfig config, Attention attention, MatrixKernel kernel, Workers workers) {
    this.heads = config.heads();
    this.kvHeads = config.kvHeads();
    this.headDim = config.headDim();
    this.attention = attention;
    this.kernel = kernel;
    this.workers = workers;
  }

  /** Gradients by the turned queries, the turned keys and the values. */
  record Result(float[] queries, float[] keys, float[] values) {}

  /**
   * @param layer counted from 0
   * @param mixed gradient by what attention gave, {@code count x heads x headDim}
   */
  Result apply(int layer, LayerTrace trace, float[] mixed, int count) {
    Result result =
        new Result(
            new float[trace.queries().length],
            new float[trace.keys().length],
            new float[trace.values().length]);
    workers.forEach(
        kvHeads,
        kvHead -> {
          int shared = heads / kvHeads;
          for (int head = kvHead * shared; head < (kvHead + 1) * shared; head++) {
            new Head(layer, trace, mixed, count, head, kvHead).run(result);
          }
        });
    return result;
  }

  /** One query head. */
  private final class Head {
    private final MatrixSlice query;
    private final MatrixSlice key;
    private final MatrixSlice value;
    private final MatrixSlice output;
    private final int layer;
    private final int count;
    private final int kvOffset;

    Head(int layer, LayerTrace trace, float[] mixed, int count, int head, int kvHead) {
      this.layer = layer;
      this.kvOffset = kvHead * headDim;
      this.query = new MatrixSlice(trace.queries(), head * headDim, heads * headDim);
      this.output = new MatrixSlice(mixed, head * headDim, heads * headDim);
      this.key = new MatrixSlice(trace.keys(), kvOffset, kvHeads * headDim);
      this.value = new MatrixSlice(trace.values(), kvOffset, kvHeads * headDim);
      this.count = count;
    }

    void run(Result result) {
      MatrixSlice shares = MatrixSlice.of(new float[count * count], count);
      kernel.multiplyTransposed(query, key, count, count, headDim, shares);
      float[] raw = attention.softcap() > 0 ? shares.data().clone() : null;
      attention.softmax(shares, count, layer);
      addProduct(transposed(shares, count), output, result.values);
      MatrixSlice scores = MatrixSlice.of(new float[count * count], count);
      kernel.multiplyTransposed(output, value, count, count, headDim, scores);
      byScores(shares.data(), scores.data());
      if (raw != null) {
        throughSoftcap(raw, scores.data());
      }
      MatrixSlice queries = new MatrixSlice(result.queries, query.offset(), query.stride());
      kernel.multiplyTransposed(scores, transposed(key, headDim), count, headDim, count, queries);
      addProduct(transposed(scores, count), query, result.keys);
    }

    /** Gradients by bounded scores become those by the scores as they were. */
    private void throughSoftcap(float[] raw, float[] gradients) {
      float bound = attention.softcap();
      for (int i = 0; i < raw.length; i++) {
        float t = Tanh.tanh(raw[i] * attention.scale() / bound);
        gradients[i] *= 1 - t * t;
      }
    }

    /** Turns gradients by shares to gradients by scores. */
    private void byScores(float[] shares, float[] gradients) {
      float scale = attention.scale();
      for (int row = 0; row < count * count; row += count) {
        float mean = 0;
        for (int i = row; i < row + count; i++) {
          mean += shares[i] * gradients[i];
        }
        for (int i = row; i < row + count; i++) {
          gradients[i] = shares[i] * (gradients[i] - mean) * scale;
        }
      }
    }

    /** Adds {@code a b} to a gradient of this head's keys or values. */
    private void addProduct(MatrixSlice a, MatrixSlice b, float[] target) {
      float[] product = new float[count * headDim];
      kernel.multiplyTransposed(
          a, transposed(b, headDim), count, headDim, count, MatrixSlice.of(product, headDim));
      for (int t = 0; t < count; t++) {
        int to = t * kvHeads * headDim + kvOffset;
        for (int d = 0; d < headDim; d++) {
          target[to + d] += product[t * headDim + d];
        }
      }
    }

    /** The transpose of {@code count x cols} values. */
    private MatrixSlice transposed(MatrixSlice source, int cols) {
      float[] columns = new float[cols * count];
      for (int t = 0; t < count; t++) {
        for (int c = 0; c < cols; c++) {
          columns[c * count + t] = source.data()[source.row(t) + c];
        }
      }
      return MatrixSlice.of(columns, count);
    }
  }
}
