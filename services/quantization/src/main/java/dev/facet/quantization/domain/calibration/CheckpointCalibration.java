package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.transformer.Decoder;
import dev.facet.quantization.domain.transformer.InputObserver;
import java.util.List;
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
  private final Workers workers;

  public CheckpointCalibration(Checkpoint checkpoint, Workers workers) {
    this.checkpoint = checkpoint;
    this.workers = workers;
  }

  /** Windows of a text, as many as calibration uses; a shorter text gives fewer. */
  public List<int[]> windows(int[] tokens) {
    return TextWindows.cut(tokens, context(), WINDOWS, Scoring.ALL).windows();
  }

  /**
   * Windows that the model writes.
   *
   * @param progress told the number of tokens of each window that are there
   */
  public List<int[]> sampledWindows(IntConsumer progress) {
    return new SampledText(decoder(InputObserver.NONE), checkpoint.config().bosTokenId(), workers)
        .windows(WINDOWS, context(), SEED, progress);
  }

  /**
   * Runs the model over the windows.
   *
   * @param wanted the tensors that will be coded: all, or those of one task
   * @param progress told the number of windows done
   * @return codes the wanted linear layers with error feedback, all else by rounding
   */
  public MatrixEncoder encoder(
      List<int[]> windows, Predicate<TensorSpec> wanted, IntConsumer progress) {
    Calibration calibration = Calibration.run(this::decoder, windows, wanted, workers, progress);
    EmbeddedEncoder rounding = new EmbeddedEncoder(Kernels.quantization(), workers);
    return new CalibratedMatrixEncoder(calibration, MatrixEncoder.rounding(rounding), workers);
  }

  private int context() {
    return Math.min(CONTEXT, checkpoint.config().contextLength());
  }

  private Decoder decoder(InputObserver observer) {
    return new Decoder(
        checkpoint.config(), checkpoint.tensors(), checkpoint, Kernels.matrix(), workers, observer);
  }
}
