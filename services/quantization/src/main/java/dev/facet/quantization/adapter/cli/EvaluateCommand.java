package dev.facet.quantization.adapter.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.adapter.tokenizer.HubTokenizer;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.ladder.PointValidator;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final int LEAST_TABLE_BITS = 6;

  /** Beyond it rounding alone is nearly lossless. */
  private static final int DEEPEST = 6;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "Folder of a checkpoint, or its name.")
  private String model;

  @Option(names = "--text", required = true, description = "UTF-8 text to score.")
  private Path text;

  @ArgGroup private Precision precision = new Precision();

  /** One of the ways to say how precise. */
  static final class Precision {
    @Option(
        names = "--bits",
        description = "Bits of every linear layer, 2 to 8; embedding and head get 6 or more.")
    Integer bits;

    @Option(names = "--size", description = "Bytes to fit in (not available yet).")
    Long size;

    @Option(names = "--map", description = "JSON file: tensor group to bits.")
    Path map;
  }

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
    if (precision.size != null) {
      throw usage(
          "--size needs the mixed-precision search, which is not available yet; use --map.");
    }
    if (kv != null) {
      throw usage("--kv is not available yet: keys and values are kept in float32.");
    }
    if ("compact".equals(ladder)) {
      throw usage("The compact ladder is not available yet; there are: full, reference.");
    }
    int bits = precision.bits == null ? CodeSettings.MIN_DEPTH : precision.bits;
    if (bits < CodeSettings.MIN_DEPTH || bits > CodeSettings.MAX_DEPTH) {
      throw usage("--bits is 2 to 8, not " + bits + ".");
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
      return TextWindows.cut(tokens, context, windows, scoring);
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
    List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
    LadderSpec spec = spec();
    Map<String, Integer> anchors = new LinkedHashMap<>();
    groups.forEach(group -> anchors.put(group.id(), spec.anchor(group)));
    Map<String, Integer> cut = new LinkedHashMap<>(anchors);
    if (precision.map != null) {
      cut.putAll(map(groups));
      if (ladder == null) {
        anchors.putAll(cut);
      }
    } else if (precision.bits != null) {
      groups.stream()
          .filter(group -> group.kind() == TensorGroup.Kind.LINEAR)
          .forEach(group -> cut.put(group.id(), precision.bits));
    }
    requireWithin(cut, anchors);
    return QuantizedModel.encode(
        checkpoint, spec, anchors, cut, matrices(checkpoint, anchors, workers));
  }

  /** Codes with error feedback where it changes anything: not at the deepest anchors. */
  private MatrixEncoder matrices(
      Checkpoint checkpoint, Map<String, Integer> anchors, Workers workers) {
    if (Collections.min(anchors.values().stream().filter(bits -> bits > 0).toList()) > DEEPEST) {
      return MatrixEncoder.rounding(new EmbeddedEncoder(Kernels.quantization(), workers));
    }
    try {
      return calibration.encoder(checkpoint, workers, progress("calibration window"));
    } catch (CharacterCodingException e) {
      throw usage(calibration.source() + " is not UTF-8 text.");
    } catch (IOException e) {
      throw usage(calibration.source() + " cannot be read.");
    }
  }

  /** The ladder asked for, or one anchored at the very bits asked for. */
  private LadderSpec spec() {
    if (ladder == null && precision.bits != null) {
      int tables = Math.max(precision.bits, LEAST_TABLE_BITS);
      return new LadderSpec("bits-" + precision.bits, precision.bits, tables);
    }
    try {
      return LadderSpec.named(ladder == null ? LadderSpec.FULL.name() : ladder);
    } catch (IllegalArgumentException e) {
      throw usage("--ladder is full or reference, not " + ladder + ".");
    }
  }

  private Map<String, Integer> map(List<TensorGroup> groups) {
    try {
      return PrecisionMap.read(precision.map, groups);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private void requireWithin(Map<String, Integer> cut, Map<String, Integer> anchors) {
    cut.forEach(
        (group, bits) -> {
          if (bits > anchors.get(group)) {
            throw usage(
                "The ladder %s stores %s to %d bits; %d were asked for."
                    .formatted(ladder, group, anchors.get(group), bits));
          }
        });
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
