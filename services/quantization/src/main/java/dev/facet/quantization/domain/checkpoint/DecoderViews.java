package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * Where a decoder's tensors come from, and what is folded into them so that every family runs by
 * one arithmetic: norms stored as their difference from 1, scaled embeddings (the last norm makes
 * up for it where the head is tied), scores of another scale (in the norm of the queries), fused
 * projections, and heads of which a part is turned (their rows are put in an order in which the
 * turned elements lead each half).
 */
final class DecoderViews {
  private final DecoderFamily family;
  private final ArchitectureConfig shape;
  private final double scoreScale;
  private final Map<String, TensorView> views = new HashMap<>();

  /**
   * @param scoreScale by which scores are larger than queries times keys over the root of a head's
   *     size
   */
  DecoderViews(DecoderFamily family, ArchitectureConfig shape, double scoreScale) {
    this.family = family;
    this.shape = shape;
    this.scoreScale = scoreScale;
  }

  /** A view for every tensor. */
  Map<String, TensorView> of(DecoderTensors tensors) {
    tensors.all().forEach(tensor -> views.put(tensor.name(), TensorView.of(tensor)));
    if (family.centredNorms()) {
      centre(tensors);
    }
    if (family.fusedProjections()) {
      tensors.layers().forEach(this::split);
    }
    if (scoreScale != 1) {
      tensors.layers().forEach(layer -> change(layer.queryNorm(), v -> v.times(scoreScale)));
    }
    if (shape.traits().rotaryDims() != null) {
      tensors.layers().forEach(this::reorder);
    }
    return Map.copyOf(views);
  }

  private void centre(DecoderTensors tensors) {
    tensors.all().stream()
        .filter(tensor -> tensor.name().endsWith("norm.weight"))
        .forEach(norm -> change(norm, view -> view.plus(1)));
    double scale = (float) Math.sqrt(shape.hiddenSize());
    change(tensors.embedding(), view -> view.times(scale));
    if (shape.tiedEmbeddings()) {
      change(tensors.norm(), view -> view.times(1 / scale));
    }
  }

  private void split(DecoderTensors.Layer layer) {
    fuse("qkv_proj", List.of(layer.query(), layer.key(), layer.value()));
    fuse("gate_up_proj", List.of(layer.gate(), layer.up()));
  }

  /** The parts are rows of one stored tensor, in their order. */
  private void fuse(String projection, List<TensorSpec> parts) {
    String first = parts.get(0).name();
    String block =
        first.substring(0, first.lastIndexOf('.', first.length() - ".weight".length() - 1));
    int rows = parts.stream().mapToInt(TensorSpec::rows).sum();
    TensorSpec stored =
        new TensorSpec(block + "." + projection + ".weight", rows, parts.get(0).cols());
    int from = 0;
    for (TensorSpec part : parts) {
      int begin = from;
      views.put(part.name(), TensorView.of(stored).rows(row -> begin + row));
      from += part.rows();
    }
  }

  private void reorder(DecoderTensors.Layer layer) {
    for (TensorSpec turned : List.of(layer.query(), layer.key())) {
      change(turned, view -> view.rows(turnedFirst(shape.headDim(), shape.traits().rotaryDims())));
    }
  }

  /** Where a row lies stored: all turned elements of a head there come before the others. */
  static IntUnaryOperator turnedFirst(int headDim, int turned) {
    int half = headDim / 2;
    int turnedHalf = turned / 2;
    return row -> {
      int inHead = row % headDim;
      int inHalf = inHead % half;
      int second = inHead / half;
      int stored =
          inHalf < turnedHalf
              ? second * turnedHalf + inHalf
              : turned + second * (half - turnedHalf) + inHalf - turnedHalf;
      return row - inHead + stored;
    };
  }

  private void change(TensorSpec tensor, UnaryOperator<TensorView> change) {
    views.computeIfPresent(tensor.name(), (name, view) -> change.apply(view));
  }
}
