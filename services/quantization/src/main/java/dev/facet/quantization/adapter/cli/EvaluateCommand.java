package dev.facet.quantization.adapter.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.adapter.tokenizer.HubTokenizer;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.importing.TokenizerMismatch;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.PointValidator;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a model at full precision and quantized over a text and prints how far apart they are. */
@Command(
    name = "evaluate",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Compares a quantized model with the full-precision one on a text.")
public final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "Folder of a checkpoint, or its name.")
  private String model;

  @Option(names = "--text", required = true, description = "UTF-8 text to score.")
  private Path text;

  @ArgGroup private PrecisionOptions precision = new PrecisionOptions();

  @Option(
      names = "--ladder",
      description = "Cut this ladder (full, reference) instead of anchoring at the bits asked for.")
  private String ladder;

  @Mixin private CalibrationOptions calibration;

  @Option(names = "--kv", description = "Bits of cached keys and values (not available yet).")
  private String kv;

  @Option(names = "--context", defaultValue = "512", description = "Tokens of a window.")
  private int context;

  @Option(names = "--windows", defaultValue = "64", description = "Windows to score.")
  private int windows;

  @Option(names = "--score", defaultValue = "all", description = "all or second-half.")
  private String score;

  @Option(
      names = "--models",
      split = ",",
      description = "Folders to look for MODEL in; else $$FACET_DATA/models, then samples.")
  private List<Path> models;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new EvaluateCommand())
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (failure instanceof DomainProblem problem) {
                line.getErr().println(problem.title() + ": " + problem.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
              }
              throw failure;
            });
  }

  @Override
  public Integer call() throws IOException {
    requireAvailable();
    Path folder = folder();
    Scoring scoring = scoring();
    ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (Checkpoint checkpoint = Checkpoint.open(folder, new JacksonJsonSource())) {
      Workers workers = new Workers(pool, Runtime.getRuntime().availableProcessors());
      TextWindows cut = windows(checkpoint, scoring);
      QuantizedModel quantized = quantize(checkpoint, workers);
      Evaluation found =
          new PointValidator(checkpoint, workers)
              .validate(
                  List.of(quantized.point()),
                  Map.of(quantized.point().ladder(), quantized.reader()),
                  cut,
                  progress("window"))
              .get(0);
      print(
          EvaluationLine.of(
              folder.toRealPath().getFileName().toString(), quantized.point(), found));
    } finally {
      pool.shutdown();
    }
    return CommandLine.ExitCode.OK;
  }

  private void requireAvailable() {
    if (kv != null) {
      throw usage("--kv is not available yet: keys and values are kept in float32.");
    }
    try {
      quantization().requireSensible();
    } catch (BadOption e) {
      throw usage(e.getMessage());
    }
    if (context < 4 || windows < 1) {
      throw usage("--context is at least 4 and --windows at least 1.");
    }
  }

  private Path folder() {
    ModelLookup lookup = models == null ? ModelLookup.standard() : new ModelLookup(models);
    return lookup
        .find(model)
        .orElseThrow(
            () ->
                usage(
                    "There is no checkpoint at or named %s; known: %s."
                        .formatted(model, String.join(", ", lookup.known()))));
  }

  private Scoring scoring() {
    return switch (score) {
      case "all" -> Scoring.ALL;
      case "second-half" -> Scoring.SECOND_HALF;
      default -> throw usage("--score is all or second-half, not " + score + ".");
    };
  }

  private TextWindows windows(Checkpoint checkpoint, Scoring scoring) {
    if (context > checkpoint.config().contextLength()) {
      throw usage(
          "--context %d is beyond the model's %d."
              .formatted(context, checkpoint.config().contextLength()));
    }
    try (HubTokenizer tokenizer = HubTokenizer.open(checkpoint.tokenizer())) {
      int[] tokens = tokenizer.stream(readText(), checkpoint.config().bosTokenId());
      requireKnown(tokens, checkpoint.config().vocabSize());
      return TextWindows.cut(tokens, context, windows, scoring);
    }
  }

  private static void requireKnown(int[] tokens, int vocabSize) {
    int greatest = Arrays.stream(tokens).max().orElse(0);
    if (greatest >= vocabSize) {
      throw new TokenizerMismatch(greatest, vocabSize);
    }
  }

  private String readText() {
    try {
      return Files.readString(text);
    } catch (CharacterCodingException e) {
      throw usage(text + " is not UTF-8 text.");
    } catch (IOException e) {
      throw usage(text + " cannot be read.");
    }
  }

  private QuantizedModel quantize(Checkpoint checkpoint, Workers workers) {
    try {
      return quantization().run(checkpoint, workers);
    } catch (BadOption e) {
      throw usage(e.getMessage());
    }
  }

  private Quantization quantization() {
    return new Quantization(precision, Optional.ofNullable(ladder), calibration, this::progress);
  }

  private IntConsumer progress(String what) {
    if (json) {
      return done -> {};
    }
    return done -> {
      spec.commandLine().getErr().printf("\r%s %d ", what, done);
      spec.commandLine().getErr().flush();
    };
  }

  private void print(EvaluationLine line) throws IOException {
    if (json) {
      spec.commandLine().getOut().println(new JsonMapper().writeValueAsString(line));
    } else {
      spec.commandLine().getErr().println();
      spec.commandLine().getOut().print(line.text());
    }
    spec.commandLine().getOut().flush();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
