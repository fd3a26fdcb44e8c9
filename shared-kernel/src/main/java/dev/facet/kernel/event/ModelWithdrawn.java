package dev.facet.kernel.event;

import java.time.Instant;
import java.util.Objects;

/** A model has been deleted: no new plan may choose it. */
public record ModelWithdrawn(String model, Instant withdrawnAt) implements DomainEvent {
  public static final String TYPE = "model.withdrawn.v1";

  public ModelWithdrawn {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(withdrawnAt, "withdrawnAt");
  }

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
