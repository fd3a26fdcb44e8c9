package dev.facet.quantization.domain.importing;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.Point;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an import has brought.
 *
 * @param revision names what was published: 12 digits of a SHA-256 over the checkpoint's revision,
 *     the ladders and the points' cuts
 * @param ladders index blob of each ladder
 * @param points what plans may choose, smallest first within each ladder
 * @param refused points that were measured and not published
 * @param tensors what coding has cost each tensor, in execution order, ladder by ladder
 * @param anchoredShares by point: foretold loss of a ladder anchored for that very size over that
 *     of the point
 * @param peers what other tools make of the model; null if that is not known
 */
public record Publication(
    Edition edition,
    String revision,
    List<ModelPublished.Ladder> ladders,
    List<Point> points,
    List<Point> refused,
    List<TensorError> tensors,
    Map<String, Double> anchoredShares,
    PeerTable peers,
    Instant publishedAt) {
  private static final int REVISION_DIGITS = 12;

  public Publication {
    ladders = List.copyOf(ladders);
    points = List.copyOf(points);
    refused = refused == null ? List.of() : List.copyOf(refused);
    tensors = List.copyOf(tensors);
    anchoredShares = anchoredShares == null ? Map.of() : Map.copyOf(anchoredShares);
  }

  /** The revision of ladders and cuts made of a checkpoint. */
  public static String revision(
      String checkpoint, List<ModelPublished.Ladder> ladders, List<Point> points) {
    StringBuilder content = new StringBuilder(checkpoint);
    ladders.forEach(
        ladder -> content.append('\n').append(ladder.name()).append(ladder.index().sha256()));
    points.forEach(
        point -> content.append('\n').append(point.id()).append(new TreeMap<>(point.bits())));
    return Digest.of(content.toString().getBytes(StandardCharsets.UTF_8))
        .hex()
        .substring(0, REVISION_DIGITS);
  }
}
