package dev.facet.quantization.domain.precision;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures the mean divergence of precision maps on a few windows. */
final class PrecisionProbe {
  private final Checkpoint checkpoint;
  private final CodedOptions options;
  private final TextWindows text;
  private final Workers workers;
  private final Evaluator evaluator;
  private final List<float[]> references = new ArrayList<>();

  PrecisionProbe(Checkpoint checkpoint, CodedOptions options, TextWindows text, Workers workers) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.text = text;
    this.workers = workers;
    Decoder full = decoder(checkpoint);
    this.evaluator = new Evaluator(full, workers);
    text.windows().forEach(window -> references.add(full.hidden(window)));
  }

  /** Mean divergence of a map. */
  double measure(Map<String, Integer> bits) {
    Decoder decoder = decoder(options.weights(bits));
    double sum = 0;
    for (int w = 0; w < references.size(); w++) {
      sum += meanKl(w, decoder, decoder.hidden(text.windows().get(w)));
    }
    return sum / references.size();
  }

  private double meanKl(int window, Decoder decoder, float[] hidden) {
    return evaluator.meanKl(
        text.windows().get(window), text.scoring(), references.get(window), decoder, hidden);
  }

  private Decoder decoder(WeightSource weights) {
    return new Decoder(
        checkpoint.config(), checkpoint.decoder(), weights, Kernels.matrix(), workers);
  }
}
