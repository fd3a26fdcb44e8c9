package dev.facet.kernel.event;

import java.time.Instant;

/** A model has been deleted: no new plan may choose it. */
public record ModelWithdrawn(String model, Instant withdrawnAt) implements DomainEvent {
  public static final String TYPE = "model.withdrawn.v1";

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
