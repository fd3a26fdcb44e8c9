package dev.facet.quantization.adapter.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.adapter.cli.CalibrationOptions.Calibrated;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Workers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import picocli.CommandLine.Spec;

/** {@code ./facet bench quantize}: quality at the peers' sizes, and speed. */
@Command(
    name = "quantize",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Quality at the sizes of other quantizers' files, and the speed of coding.")
public final class BenchCommand implements Callable<Integer> {
  /** What is measured. */
  enum Part {
    all,
    bits,
    peers,
    speed
  }

  /** Windows of text that divergence at given bits is measured on. */
  private static final int BITS_WINDOWS = 64;

  @Spec private CommandSpec spec;

  @Option(names = "--part", defaultValue = "all", description = "all, bits, peers or speed.")
  private Part part;

  @Option(names = "--peers", required = true, description = "JSON file of the peers' figures.")
  private Path peers;

  @Option(names = "--samples", required = true, description = "Folder of the model they coded.")
  private Path samples;

  @Option(
      names = "--swaps",
      defaultValue = "0",
      description = "Maps measured for each size besides the first, as evaluate does.")
  private int swaps;

  @Option(names = "--commit", defaultValue = "unknown", description = "Printed with --json.")
  private String commit;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private TextOptions text;

  @Mixin private CalibrationOptions calibration;

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new BenchCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOverwrittenOptionsAllowed(true)
            .execute(args));
  }

  @Override
  public Integer call() throws IOException {
    text.check();
    List<BenchRow> rows = new ArrayList<>();
    if (asked(Part.speed)) {
      rows.addAll(new SpeedRows(progress("speed row")).measure());
    }
    if (asked(Part.bits) || asked(Part.peers)) {
      rows.addAll(quality());
    }
    print(rows);
    return CommandLine.ExitCode.OK;
  }

  private boolean asked(Part one) {
    return part == Part.all || part == one;
  }

  private List<BenchRow> quality() throws IOException {
    PeerTable table = PeerTable.read(peers);
    int processors = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(processors);
    Path folder = samples.resolve(table.model());
    List<BenchRow> rows = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(folder, new JacksonJsonSource())) {
      Workers workers = new Workers(pool, processors);
      if (asked(Part.bits)) {
        TextWindows windows = text.windows(checkpoint, BITS_WINDOWS, Scoring.ALL);
        rows.addAll(
            new BitsRows(checkpoint, calibration, workers, this::progress).measure(windows));
      }
      if (asked(Part.peers)) {
        rows.addAll(comparison(checkpoint, table, workers));
      }
      return rows;
    } catch (BadOption | DomainProblem e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } finally {
      pool.shutdown();
    }
  }

  private List<BenchRow> comparison(Checkpoint checkpoint, PeerTable table, Workers workers) {
    TextWindows windows = text.windows(checkpoint);
    Calibrated calibrated =
        calibration
            .calibrate(checkpoint, windows, workers, this::progress)
            .orElseThrow(() -> new BadOption("The comparison needs a calibration."));
    MapSearch search =
        new MapSearch(
            checkpoint, calibrated, Map.of(), calibration.cache(), workers, this::progress);
    List<Evaluation> found =
        new PeerComparison(checkpoint, workers, this::progress)
            .run(table.peers(), search, swaps, windows);
    PeerRows rows = new PeerRows(table, found);
    if (!json) {
      rows.print(out());
    }
    return rows.rows();
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

  private PrintWriter out() {
    spec.commandLine().getErr().print("\r\033[K");
    spec.commandLine().getErr().flush();
    return spec.commandLine().getOut();
  }

  private void print(List<BenchRow> rows) throws IOException {
    PrintWriter out = out();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("bench", "quantize");
      object.put("host", host());
      object.put("commit", commit);
      object.put("rows", rows);
      out.println(new JsonMapper().writeValueAsString(object));
    } else {
      for (BenchRow row : rows) {
        out.printf(
            "%-64s %10.4f %-22s %-7s %s%n",
            row.name(), row.value(), row.unit(), row.reached() ? "" : "MISSED", bounds(row));
      }
    }
    out.flush();
  }

  private static String bounds(BenchRow row) {
    return row.floor() == null ? "" : "floor %.4f, goal %.4f".formatted(row.floor(), row.goal());
  }

  private static String host() {
    return "%s, %d processors, JDK %d"
        .formatted(
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version().feature());
  }
}
