package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.adapter.tokenizer.HubTokenizer;
import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import picocli.CommandLine.Option;

/** What the model is calibrated on before it is coded. */
final class CalibrationOptions {
  private static final String NONE = "none";

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description =
          "UTF-8 text to calibrate on; 'none' rounds each weight for itself. "
              + "Left out, the model writes the text.")
  private String text;

  /**
   * A calibrated encoder and what it was calibrated on.
   *
   * @param windows empty if it only rounds
   */
  record Calibrated(MatrixEncoder encoder, List<int[]> windows) {
    /** Rounds each weight for itself. */
    static Calibrated not(Workers workers) {
      EmbeddedEncoder rounding = new EmbeddedEncoder(Kernels.quantization(), workers);
      return new Calibrated(MatrixEncoder.rounding(rounding), List.of());
    }
  }

  /**
   * @param progress told the number of windows done
   * @throws IOException if the text cannot be read
   */
  Calibrated calibrate(Checkpoint checkpoint, Workers workers, IntConsumer progress)
      throws IOException {
    if (NONE.equals(text)) {
      return Calibrated.not(workers);
    }
    CheckpointCalibration calibration = new CheckpointCalibration(checkpoint, workers);
    List<int[]> windows =
        text == null
            ? calibration.sampledWindows(tokens -> {})
            : calibration.windows(tokens(checkpoint));
    return new Calibrated(calibration.encoder(windows, tensor -> true, progress), windows);
  }

  private int[] tokens(Checkpoint checkpoint) throws IOException {
    try (HubTokenizer tokenizer = HubTokenizer.open(checkpoint.tokenizer())) {
      return tokenizer.stream(Files.readString(Path.of(text)), checkpoint.config().bosTokenId());
    }
  }

  /** The file asked for, for messages. */
  String source() {
    return text;
  }
}
