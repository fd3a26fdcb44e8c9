package dev.facet.quantization.adapter.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import dev.facet.quantization.domain.transformer.KvPrecision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import picocli.CommandLine;
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

  @Mixin private TextOptions text;

  @Mixin private PrecisionOptions precision;

  @Mixin private CalibrationOptions calibration;

  @Option(
      names = "--kv",
      paramLabel = "K,V",
      description = "Bits of cached keys and values, 2 to 8 each; left out, they stay float32.")
  private String kv;

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
    try {
      return evaluate();
    } catch (BadOption e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private int evaluate() throws IOException {
    precision.check();
    text.check();
    cache();
    Path folder = folder();
    int processors = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(processors);
    try (Checkpoint checkpoint = Checkpoint.open(folder, new JacksonJsonSource())) {
      Workers workers = new Workers(pool, processors);
      Quantization quantization =
          new Quantization(checkpoint, precision, calibration, workers, this::progress);
      quantization.check();
      TextWindows windows = text.windows(checkpoint);
      QuantizedModel quantized = quantization.run(windows);
      String name = folder.toRealPath().getFileName().toString();
      Evaluation found = measure(checkpoint, quantized, windows, workers);
      print(EvaluationLine.of(name, quantized.point(), found));
    } finally {
      pool.shutdown();
    }
    return CommandLine.ExitCode.OK;
  }

  private Optional<KvPrecision> cache() {
    if (kv == null) {
      return Optional.empty();
    }
    try {
      String[] bits = kv.split(",", 2);
      return Optional.of(
          new KvPrecision(Integer.parseInt(bits[0]), Integer.parseInt(bits[bits.length - 1])));
    } catch (IllegalArgumentException e) {
      throw new BadOption("--kv is two numbers of bits from 2 to 8, as in 4,3; not " + kv + ".");
    }
  }

  private Path folder() {
    ModelLookup lookup = models == null ? ModelLookup.standard() : new ModelLookup(models);
    return lookup
        .find(model)
        .orElseThrow(
            () ->
                new BadOption(
                    "There is no checkpoint at or named %s; known: %s."
                        .formatted(model, String.join(", ", lookup.known()))));
  }

  private Evaluation measure(
      Checkpoint checkpoint, QuantizedModel quantized, TextWindows windows, Workers workers) {
    WeightSource cut = quantized.reader().cut(quantized.point().bits());
    Decoder candidate =
        new Decoder(
            checkpoint.config(), checkpoint.decoder(), cut, Kernels.matrix(), workers, cache());
    Decoder full =
        new Decoder(
            checkpoint.config(), checkpoint.decoder(), checkpoint, Kernels.matrix(), workers);
    return new Evaluator(full, workers)
        .evaluate(List.of(() -> candidate), windows, progress("window"))
        .get(0);
  }

  private IntConsumer progress(String what) {
    if (json) {
      return done -> {};
    }
    return done -> {
      spec.commandLine().getErr().printf("\r\033[K%s %d", what, done);
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
}
