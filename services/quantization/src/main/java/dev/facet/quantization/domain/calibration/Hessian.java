package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.kernel.Workers;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Second moments of a linear layer's inputs: the sum over tokens of {@code x x^T}, which weighs the
 * layer's rounding errors by what they do to its outputs. Products are summed in float32 over the
 * tokens of one call and in float64 over calls; the same calls in the same order give the same bits
 * on any number of threads.
 */
public final class Hessian {
  /** Columns that lie side by side in memory. */
  static final int PANEL = 32;

  private static final int TOKENS_PER_STEP = 128;

  /** More inputs than any layer has. */
  private static final int GREATEST = 1 << 18;

  private final int size;

  /** Columns {@code 32p..32p+31} of the upper triangle, row-major down to the diagonal tile. */
  private final double[][] panels;

  private long tokens;

  /**
   * @param size inputs of the layer
   */
  public Hessian(int size) {
    this.size = size;
    this.panels = new double[(size + PANEL - 1) / PANEL][];
    for (int p = 0; p < panels.length; p++) {
      panels[p] = new double[(p + 1) * PANEL * PANEL];
    }
  }

  /** Size, tokens, then the panels as float64, big-endian. */
  void write(DataOutput out) throws IOException {
    out.writeInt(size);
    out.writeLong(tokens);
    for (double[] panel : panels) {
      byte[] bytes = new byte[Math.multiplyExact(panel.length, Double.BYTES)];
      ByteBuffer.wrap(bytes).asDoubleBuffer().put(panel);
      out.write(bytes);
    }
  }

  static Hessian read(DataInput in) throws IOException {
    int size = in.readInt();
    if (size < 1 || size > GREATEST) {
      throw new StreamCorruptedException("a Hessian of " + size + " inputs");
    }
    Hessian hessian = new Hessian(size);
    hessian.tokens = in.readLong();
    for (double[] panel : hessian.panels) {
      byte[] bytes = new byte[Math.multiplyExact(panel.length, Double.BYTES)];
      in.readFully(bytes);
      ByteBuffer.wrap(bytes).asDoubleBuffer().get(panel);
    }
    return hessian;
  }

  public int size() {
    return size;
  }

  public long tokens() {
    return tokens;
  }

  /** One element, of either triangle. */
  public double at(int row, int col) {
    int upper = Math.min(row, col);
    int right = Math.max(row, col);
    return panels[right / PANEL][upper * PANEL + right % PANEL];
  }

  public double[] diagonal() {
    double[] diagonal = new double[size];
    for (int i = 0; i < size; i++) {
      diagonal[i] = at(i, i);
    }
    return diagonal;
  }

  /** Adds what another Hessian of this size has seen. */
  void add(Hessian other) {
    for (int p = 0; p < panels.length; p++) {
      for (int i = 0; i < panels[p].length; i++) {
        panels[p][i] += other.panels[p][i];
      }
    }
    tokens += other.tokens;
  }

  /**
   * Adds the inputs of {@code count} tokens.
   *
   * @param inputs {@code count x size}, row-major, finite
   */
  public void add(float[] inputs, int count, Workers workers) {
    add(inputs, count, FeedbackKernel.create(), workers);
  }

  void add(float[] inputs, int count, FeedbackKernel kernel, Workers workers) {
    float[][] columns = new float[panels.length][];
    workers.forEach(panels.length, p -> columns[p] = panel(inputs, count, p));
    workers.forEach(
        panels.length,
        // The last panel has the most tiles above it, so it goes first.
        task -> addPanel(columns, count, panels.length - 1 - task, kernel));
    tokens += count;
  }

  private float[] panel(float[] inputs, int count, int p) {
    float[] panel = new float[count * PANEL];
    int width = Math.min(PANEL, size - p * PANEL);
    for (int t = 0; t < count; t++) {
      System.arraycopy(inputs, t * size + p * PANEL, panel, t * PANEL, width);
    }
    return panel;
  }

  private void addPanel(float[][] columns, int count, int right, FeedbackKernel kernel) {
    FloatBlock tile = FloatBlock.of(new float[PANEL * PANEL], PANEL, PANEL);
    for (int upper = 0; upper <= right; upper++) {
      Arrays.fill(tile.values(), 0);
      for (int t = 0; t < count; t += TOKENS_PER_STEP) {
        int depth = Math.min(TOKENS_PER_STEP, count - t);
        kernel.addProduct(
            new FloatBlock(columns[upper], t * PANEL, PANEL, depth, PANEL),
            new FloatBlock(columns[right], t * PANEL, PANEL, depth, PANEL),
            tile);
      }
      double[] sums = panels[right];
      for (int i = 0; i < PANEL * PANEL; i++) {
        sums[upper * PANEL * PANEL + i] += tile.values()[i];
      }
    }
  }
}
