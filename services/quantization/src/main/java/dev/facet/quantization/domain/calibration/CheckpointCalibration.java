package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.SharedText;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.transformer.Decoder;
import dev.facet.quantization.domain.transformer.GradientPass;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Calibrates a checkpoint, on a text or on one that the model writes, and gives the encoder that
 * ladders are then made with. The same checkpoint and text give the same shards on any number of
 * threads and any JDK.
 */
public final class CheckpointCalibration {
  private static final int WINDOWS = 64;
  private static final int CONTEXT = 512;
  private static final long SEED = 20_260_101;

  private final Checkpoint checkpoint;
  private final int windows;
  private final int context;
  private final Workers workers;

  public CheckpointCalibration(Checkpoint checkpoint, Workers workers) {
    this(checkpoint, WINDOWS, CONTEXT, workers);
  }

  /**
   * @param windows how many of text to calibrate on
   * @param context tokens of a window, held within the model's context
   */
  public CheckpointCalibration(Checkpoint checkpoint, int windows, int context, Workers workers) {
    this.checkpoint = checkpoint;
    this.windows = windows;
    this.context = Math.min(context, checkpoint.config().contextLength());
    this.workers = workers;
  }

  /** Windows of a text, as many as calibration uses; a shorter text gives fewer. */
  public List<int[]> windows(int[] tokens) {
    return TextWindows.cut(tokens, context, windows, Scoring.ALL).windows();
  }

  /**
   * Windows from all over a text.
   *
   * @param measured what quality will be measured on: windows that share a passage with it are left
   *     out
   */
  public List<int[]> windows(int[] tokens, SharedText measured) {
    List<int[]> all =
        measured.without(
            TextWindows.cut(tokens, context, Integer.MAX_VALUE, Scoring.ALL).windows());
    int count = Math.min(windows, all.size());
    List<int[]> spread = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      spread.add(all.get((int) ((long) i * all.size() / count)));
    }
    return spread;
  }

  /**
   * Windows that the model writes.
   *
   * @param progress told the number of tokens of each window that are there
   */
  public List<int[]> sampledWindows(IntConsumer progress) {
    return new SampledText(decoder(), checkpoint.config().bosTokenId(), workers)
        .windows(windows, context, SEED, progress);
  }

  /**
   * One share of the windows that the model writes; each share can be written by another host.
   *
   * @param share counted from 0
   */
  public List<int[]> sampledShare(int share, int shares) {
    return new SampledText(decoder(), checkpoint.config().bosTokenId(), workers)
        .windows(Math.max(1, windows / shares), context, SEED + share, tokens -> {});
  }

  /**
   * Runs the model over the windows, there and back.
   *
   * @param wanted the tensors that will be coded: all, or those of one task
   * @param progress told the number of windows done
   */
  public Calibration run(List<int[]> windows, Predicate<TensorSpec> wanted, IntConsumer progress) {
    FisherCollector collector = new FisherCollector(wanted, workers);
    GradientPass pass = new GradientPass(decoder(), checkpoint.decoder(), workers, collector);
    SplittableRandom seeds = new SplittableRandom(SEED);
    for (int i = 0; i < windows.size(); i++) {
      pass.run(windows.get(i), seeds.split());
      progress.accept(i + 1);
    }
    return new Calibration(collector.moments(), workers);
  }

  /** The encoder that uses what calibration has seen; tensors it has not seen are rounded. */
  public MatrixEncoder encoder(Calibration calibration) {
    EmbeddedEncoder rounding = new EmbeddedEncoder(Kernels.quantization(), workers);
    return new CalibratedMatrixEncoder(calibration, MatrixEncoder.rounding(rounding), workers);
  }

  /** {@link #run} and {@link #encoder(Calibration)} in one. */
  public MatrixEncoder encoder(
      List<int[]> windows, Predicate<TensorSpec> wanted, IntConsumer progress) {
    return encoder(run(windows, wanted, progress));
  }

  private Decoder decoder() {
    return new Decoder(
        checkpoint.config(), checkpoint.decoder(), checkpoint, Kernels.matrix(), workers);
  }
}
