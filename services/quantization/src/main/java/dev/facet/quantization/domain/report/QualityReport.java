package dev.facet.quantization.domain.report;

import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.domain.importing.Publication;
import dev.facet.quantization.domain.importing.TensorError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a publication's numbers. */
public final class QualityReport {
  private static final int WORST = 5;
  private static final Pattern LAYER = Pattern.compile("(layers\\.\\d+)\\..*");

  private final Publication publication;

  public QualityReport(Publication publication) {
    this.publication = publication;
  }

  /** The tensors of greatest relative error, worst first, by ladder. */
  public Map<String, List<TensorError>> worst() {
    Map<String, List<TensorError>> byLadder = new LinkedHashMap<>();
    for (TensorError error : publication.tensors()) {
      byLadder.computeIfAbsent(error.ladder(), ladder -> new ArrayList<>()).add(error);
    }
    byLadder.replaceAll((ladder, errors) -> worst(errors));
    return byLadder;
  }

  private static List<TensorError> worst(List<TensorError> errors) {
    return errors.stream()
        .sorted(Comparator.comparingDouble(TensorError::relativeError).reversed())
        .limit(WORST)
        .toList();
  }

  /**
   * Mean divergence, nats, that a ladder anchored for a point's very size would have, as
   * calibration foretells; null where that is not known, or the point is anchored for its size.
   */
  public Double anchoredMeanKl(Point point) {
    Double share = publication.anchoredShares().get(point.id());
    return share == null || point.quality() == null ? null : share * point.quality().meanKl();
  }

  /** Bits of each layer for each point, in execution order. */
  public List<LayerBits> layers() {
    Set<String> layers = new LinkedHashSet<>();
    publication.tensors().forEach(tensor -> layers.add(layer(tensor.group())));
    return layers.stream().map(this::bits).toList();
  }

  private LayerBits bits(String layer) {
    Map<String, Double> bits = new LinkedHashMap<>();
    for (Point point : publication.points()) {
      bits.put(point.id(), meanBits(layer, point));
    }
    return new LayerBits(layer, bits);
  }

  /** Depth of the layer's weights, each tensor by its number of weights. */
  private double meanBits(String layer, Point point) {
    double bits = 0;
    long weights = 0;
    for (TensorError tensor : publication.tensors()) {
      if (tensor.ladder().equals(point.ladder()) && layer(tensor.group()).equals(layer)) {
        bits += (double) tensor.weights() * point.bits().get(tensor.group());
        weights += tensor.weights();
      }
    }
    return bits / weights;
  }

  private static String layer(String group) {
    Matcher layer = LAYER.matcher(group);
    return layer.matches() ? layer.group(1) : group;
  }
}
