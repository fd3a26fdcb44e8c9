package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Divergence at given bits, each row by the options of {@code evaluate} that give it. */
final class BitsRows {
  private record Case(String options, double floor, double goal) {}

  /** What is asked for, and what docs/codec.md's improvements promise or the trial has reached. */
  private static final List<Case> CASES =
      List.of(
          new Case("--bits 4", .0112, .0089),
          new Case("--bits 3", .0460, .0381),
          new Case("--bits 2", .205, .1834),
          new Case("--ladder full --bits 3", .070, .0654),
          new Case("--ladder full --bits 2", .31, .2972),
          new Case("--body-bits 2.5", .135, .127),
          new Case("--body-bits 2.75", .092, .085),
          new Case("--body-bits 3.25", .042, .037),
          new Case("--body-bits 3.5", .028, .024),
          new Case("--body-bits 4.25", .0095, .0076));

  private final Checkpoint checkpoint;
  private final CalibrationOptions calibration;
  private final Workers workers;
  private final Function<String, IntConsumer> progress;

  /**
   * @param progress gives what is told the count of something done
   */
  BitsRows(
      Checkpoint checkpoint,
      CalibrationOptions calibration,
      Workers workers,
      Function<String, IntConsumer> progress) {
    this.checkpoint = checkpoint;
    this.calibration = calibration;
    this.workers = workers;
    this.progress = progress;
  }

  List<BenchRow> measure(TextWindows text) {
    List<QuantizedModel> models = new ArrayList<>();
    for (Case asked : CASES) {
      models.add(quantize(asked, text));
      progress.apply("model").accept(models.size());
    }
    List<Supplier<Decoder>> candidates = new ArrayList<>();
    for (QuantizedModel model : models) {
      candidates.add(() -> decoder(model.reader().cut(model.point().bits())));
    }
    List<Evaluation> found =
        new Evaluator(decoder(checkpoint), workers)
            .evaluate(candidates, text, progress.apply("window"));
    List<BenchRow> rows = new ArrayList<>();
    for (int i = 0; i < CASES.size(); i++) {
      rows.add(row(CASES.get(i), models.get(i), found.get(i)));
    }
    return rows;
  }

  private QuantizedModel quantize(Case asked, TextWindows text) {
    PrecisionOptions options = PrecisionOptions.parse(asked.options().split(" "));
    return new Quantization(checkpoint, options, calibration, workers, progress).run(text);
  }

  private static BenchRow row(Case asked, QuantizedModel model, Evaluation found) {
    String name =
        String.format(
            Locale.ROOT, "mean KL, %s (body %.3f bits)", asked.options(), model.point().bodyBits());
    return BenchRow.lower(name, found.meanKl(), "nats", asked.floor(), asked.goal());
  }

  private Decoder decoder(WeightSource weights) {
    return new Decoder(
        checkpoint.config(), checkpoint.decoder(), weights, Kernels.matrix(), workers);
  }
}
