package dev.facet.quantization.application;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.config.CalibrationConfig;
import dev.facet.quantization.config.ValidationConfig;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TokenizerFile;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TokenizerMismatch;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The texts of an import as tokens. The first three quarters of a text given with it are calibrated
 * on; the rest is what points are measured on, unless it is too short: then, and where no text was
 * given, it is the service's own. Calls block.
 */
@ApplicationScoped
public class ImportTexts {
  private static final Logger LOG = Logger.getLogger(ImportTexts.class);

  /** Text that makes a token in nearly every language; where it does not, all is tokenized. */
  private static final int CHARACTERS = 12;

  private final BlobStore blobs;
  private final Tokenizers tokenizers;
  private final ValidationConfig config;
  private final CalibrationConfig calibration;

  ImportTexts(
      BlobStore blobs,
      Tokenizers tokenizers,
      ValidationConfig config,
      CalibrationConfig calibration) {
    this.blobs = blobs;
    this.tokenizers = tokenizers;
    this.config = config;
    this.calibration = calibration;
  }

  /**
   * A text as one stream of tokens.
   *
   * @throws TokenizerMismatch if the tokenizer makes ids beyond the vocabulary
   */
  public int[] tokens(TokenizerFile tokenizer, ArchitectureConfig model, String text) {
    int[] tokens = tokenizers.with(tokenizer, t -> t.stream(text, model.bosTokenId()));
    for (int token : tokens) {
      if (token >= model.vocabSize()) {
        throw new TokenizerMismatch(token, model.vocabSize());
      }
    }
    return tokens;
  }

  /**
   * Makes sure that a text given with an import can be calibrated on.
   *
   * @throws dev.facet.quantization.domain.evaluation.TextTooShort if it does not fill a window
   * @throws TokenizerMismatch if the tokenizer makes ids beyond the vocabulary
   */
  public void requireUsable(TokenizerFile tokenizer, ArchitectureConfig model, String text) {
    int[] tokens = tokens(tokenizer, model, text);
    TextWindows.cut(
        Arrays.copyOf(tokens, calibrated(tokens)),
        Math.min(calibration.context(), model.contextLength()),
        1,
        Scoring.ALL);
  }

  /** Tokens to calibrate on; empty if no text was given. */
  public Optional<int[]> calibration(ImportedModel model, Checkpoint checkpoint) {
    return given(model)
        .map(text -> tokens(checkpoint, text))
        .map(tokens -> Arrays.copyOf(tokens, calibrated(tokens)));
  }

  /** How many of a given text's tokens are calibrated on. */
  static int calibrated(int[] tokens) {
    return tokens.length - tokens.length / 4;
  }

  /**
   * Tokens that points are measured on; empty if there are not even {@code context}.
   *
   * @param windows of so many tokens that are wanted; there may be fewer and more
   */
  public Optional<int[]> heldOut(
      ImportedModel model, Checkpoint checkpoint, int context, int windows) {
    Optional<int[]> rest =
        given(model)
            .map(text -> tokens(checkpoint, text))
            .map(tokens -> rest(tokens, checkpoint.config().bosTokenId()))
            .filter(tokens -> tokens.length >= context);
    return rest.isPresent() ? rest : ofService(model, checkpoint, context, windows);
  }

  private static int[] rest(int[] tokens, int bosTokenId) {
    int from = calibrated(tokens);
    int[] rest = new int[tokens.length - from + 1];
    rest[0] = bosTokenId;
    System.arraycopy(tokens, from, rest, 1, tokens.length - from);
    return rest;
  }

  private Optional<int[]> ofService(
      ImportedModel model, Checkpoint checkpoint, int context, int windows) {
    long wanted = (long) context * windows;
    Optional<int[]> own =
        config.text().flatMap(ImportTexts::read).map(text -> leading(checkpoint, text, wanted));
    if (own.isPresent() && own.get().length < context) {
      LOG.warnf("%s is published unmeasured: facet.validation.text is too short", model.id());
      return Optional.empty();
    }
    return own;
  }

  /** At least so many tokens from the beginning of a text, if it has them. */
  private int[] leading(Checkpoint checkpoint, String text, long wanted) {
    long end = wanted * CHARACTERS;
    if (end < text.length()) {
      int line = text.lastIndexOf('\n', (int) end);
      int[] tokens = tokens(checkpoint, text.substring(0, line + 1));
      if (tokens.length >= wanted) {
        return tokens;
      }
    }
    return tokens(checkpoint, text);
  }

  private Optional<String> given(ImportedModel model) {
    return Optional.ofNullable(model.givenText())
        .map(text -> new String(blobs.read(text.sha256()), StandardCharsets.UTF_8));
  }

  private int[] tokens(Checkpoint checkpoint, String text) {
    return tokens(checkpoint.tokenizer(), checkpoint.config(), text);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      LOG.warnf("models are published unmeasured: cannot read facet.validation.text %s", file);
      return Optional.empty();
    }
  }
}
