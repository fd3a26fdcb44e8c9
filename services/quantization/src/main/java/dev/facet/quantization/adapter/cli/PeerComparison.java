package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.precision.Budget;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Our mixed precision at the size of each peer's file, all on one text. */
final class PeerComparison {
  private final Checkpoint checkpoint;
  private final Workers workers;
  private final Function<String, IntConsumer> progress;

  /**
   * @param progress gives what is told the count of something done
   */
  PeerComparison(Checkpoint checkpoint, Workers workers, Function<String, IntConsumer> progress) {
    this.checkpoint = checkpoint;
    this.workers = workers;
    this.progress = progress;
  }

  /**
   * @param swaps maps measured for each size besides the first
   * @return one evaluation for each peer
   */
  List<Evaluation> run(List<Peer> peers, MapSearch search, int swaps, TextWindows text) {
    List<Supplier<Decoder>> candidates = new ArrayList<>();
    for (Peer peer : peers) {
      WeightSource weights = search.weights(search.fit(new Budget.OfModel(peer.bytes()), swaps));
      candidates.add(() -> decoder(weights));
      progress.apply("map").accept(candidates.size());
    }
    return new Evaluator(decoder(checkpoint), workers)
        .evaluate(candidates, text, progress.apply("window"));
  }

  private Decoder decoder(WeightSource weights) {
    return new Decoder(
        checkpoint.config(), checkpoint.decoder(), weights, Kernels.matrix(), workers);
  }
}
