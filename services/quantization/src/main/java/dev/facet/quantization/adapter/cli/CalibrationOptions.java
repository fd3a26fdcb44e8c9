package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.adapter.tokenizer.HubTokenizer;
import dev.facet.quantization.domain.calibration.Calibration;
import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.evaluation.SharedText;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Workers;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import picocli.CommandLine.Option;

/** What the model is calibrated on before it is coded. */
final class CalibrationOptions {
  private static final String NONE = "none";

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description =
          "UTF-8 text to calibrate on; passages that are in --text are left out. "
              + "'none' rounds each weight for itself. Left out, the model writes the text.")
  private String text;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Keeps calibrations and precision maps between runs; else $$FACET_DATA/cache if set.")
  private Path cache;

  /**
   * A calibration and the text it was made on.
   *
   * @param key names checkpoint and text by their content
   */
  record Calibrated(Calibration calibration, List<int[]> windows, String key) {}

  /** Whether weights are to be rounded only. */
  boolean none() {
    return NONE.equals(text);
  }

  /**
   * @param measured what quality is measured on
   * @param progress gives what is told the count of something done
   * @return empty if {@link #none}
   * @throws BadOption if the text cannot be used
   */
  Optional<Calibrated> calibrate(
      Checkpoint checkpoint,
      TextWindows measured,
      Workers workers,
      Function<String, IntConsumer> progress) {
    if (none()) {
      return Optional.empty();
    }
    CheckpointCalibration calibration = new CheckpointCalibration(checkpoint, workers);
    ContentKeys keys = ContentKeys.of(checkpoint);
    List<int[]> windows =
        text == null
            ? cache()
                .get(
                    keys.key("sampled-text"),
                    WindowsFormat::read,
                    WindowsFormat::write,
                    () -> calibration.sampledWindows(progress.apply("token written")))
            : fromFile(checkpoint, calibration, measured);
    String key = keys.key("calibration", windows);
    Calibration found =
        cache()
            .get(
                key,
                source -> Calibration.load(source, workers),
                Calibration::save,
                () ->
                    calibration.run(windows, tensor -> true, progress.apply("calibration window")));
    return Optional.of(new Calibrated(found, windows, key));
  }

  ContentCache cache() {
    String data = System.getenv("FACET_DATA");
    Path standard = data == null ? null : Path.of(data, "cache");
    return new ContentCache(Optional.ofNullable(cache == null ? standard : cache));
  }

  private List<int[]> fromFile(
      Checkpoint checkpoint, CheckpointCalibration calibration, TextWindows measured) {
    List<int[]> windows =
        calibration.windows(tokens(checkpoint), new SharedText(measured.windows()));
    if (windows.isEmpty()) {
      throw new BadOption(
          text + " has no window of text that is not in --text; give another or leave it out.");
    }
    return windows;
  }

  private int[] tokens(Checkpoint checkpoint) {
    try (HubTokenizer tokenizer = HubTokenizer.open(checkpoint.tokenizer())) {
      return tokenizer.stream(Files.readString(Path.of(text)), checkpoint.config().bosTokenId());
    } catch (CharacterCodingException e) {
      throw new BadOption(text + " is not UTF-8 text.");
    } catch (IOException e) {
      throw new BadOption(text + " cannot be read.");
    }
  }
}
