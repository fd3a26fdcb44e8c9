package dev.facet.kernel.event;

import java.time.Instant;

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
