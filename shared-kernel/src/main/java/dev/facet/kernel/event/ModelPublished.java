package dev.facet.kernel.event;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.ladder.Point;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A model's ladders are stored and may be planned.
 *
 * @param parameters number of weights
 * @param ladders index blob of each ladder
 * @param points what may be chosen, richest last
 */
public record ModelPublished(
    String model,
    String revision,
    long parameters,
    ArchitectureConfig config,
    BlobRef tokenizer,
    List<Ladder> ladders,
    List<Point> points,
    Instant publishedAt)
    implements DomainEvent {
  public static final String TYPE = "model.published.v1";

  public ModelPublished {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(revision, "revision");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(ladders, "ladders");
    Objects.requireNonNull(points, "points");
    Objects.requireNonNull(publishedAt, "publishedAt");
  }

  /**
   * @param name for example {@code full}
   * @param index where its {@link dev.facet.kernel.ladder.LadderIndex} lies
   */
  public record Ladder(String name, BlobRef index) {}

  @Override
  public String topic() {
    return Topics.MODEL_PUBLISHED;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String key() {
    return model;
  }
}
