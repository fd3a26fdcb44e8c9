package dev.facet.kernel.event;

import java.time.Instant;
import java.util.Objects;

/**
 * A stream has ended, whole or cut.
 *
 * @param stream id of this one response
 * @param frames frames written
 * @param complete whether the last frame of the bundle was among them
 */
public record ShardsDelivered(
    String stream,
    String bundle,
    String model,
    int frames,
    long bytes,
    long durationMs,
    boolean complete,
    Instant endedAt)
    implements DomainEvent {
  public static final String TYPE = "shards.delivered.v1";

  public ShardsDelivered {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(endedAt, "endedAt");
  }

  @Override
  public String topic() {
    return Topics.SHARDS_DELIVERED;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String key() {
    return bundle;
  }
}
