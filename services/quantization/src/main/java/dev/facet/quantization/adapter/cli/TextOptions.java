package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.adapter.tokenizer.HubTokenizer;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.importing.TokenizerMismatch;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** What quality is measured on. */
final class TextOptions {
  @Option(names = "--text", required = true, description = "UTF-8 text to score.")
  private Path text;

  @Option(names = "--context", defaultValue = "512", description = "Tokens of a window.")
  private int context;

  @Option(names = "--windows", defaultValue = "64", description = "Windows to score.")
  private int windows;

  @Option(names = "--score", defaultValue = "all", description = "all or second-half.")
  private String score;

  /**
   * @throws BadOption if the options cannot be followed
   */
  void check() {
    scoring();
    if (context < 4 || windows < 1) {
      throw new BadOption("--context is at least 4 and --windows at least 1.");
    }
  }

  private Scoring scoring() {
    return switch (score) {
      case "all" -> Scoring.ALL;
      case "second-half" -> Scoring.SECOND_HALF;
      default -> throw new BadOption("--score is all or second-half, not " + score + ".");
    };
  }

  /**
   * The windows to score.
   *
   * @throws BadOption if the text or the context does not fit
   */
  TextWindows windows(Checkpoint checkpoint) {
    return windows(checkpoint, windows, scoring());
  }

  /** The same with so many windows, scored so, whatever the options say. */
  TextWindows windows(Checkpoint checkpoint, int count, Scoring scoring) {
    if (context > checkpoint.config().contextLength()) {
      throw new BadOption(
          "--context %d is beyond the model's %d."
              .formatted(context, checkpoint.config().contextLength()));
    }
    try (HubTokenizer tokenizer = HubTokenizer.open(checkpoint.tokenizer())) {
      int[] tokens = tokenizer.stream(read(), checkpoint.config().bosTokenId());
      requireKnown(tokens, checkpoint.config().vocabSize());
      return TextWindows.cut(tokens, context, count, scoring);
    }
  }

  private static void requireKnown(int[] tokens, int vocabSize) {
    int greatest = Arrays.stream(tokens).max().orElse(0);
    if (greatest >= vocabSize) {
      throw new TokenizerMismatch(greatest, vocabSize);
    }
  }

  private String read() {
    try {
      return Files.readString(text);
    } catch (CharacterCodingException e) {
      throw new BadOption(text + " is not UTF-8 text.");
    } catch (IOException e) {
      throw new BadOption(text + " cannot be read.");
    }
  }
}
