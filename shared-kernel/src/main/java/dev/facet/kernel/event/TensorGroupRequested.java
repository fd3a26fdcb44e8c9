package dev.facet.kernel.event;

import java.util.Objects;
import java.util.UUID;

/**
 * One tensor group of an import is to be encoded for one ladder. Told again when the worker that
 * held it has gone.
 *
 * @param importId the run of the import, so that work on a withdrawn or repeated import ends by
 *     itself
 * @param ladder for example {@code full}
 * @param group tensor group, for example {@code layers.0.qk}
 */
public record TensorGroupRequested(UUID importId, String model, String ladder, String group)
    implements DomainEvent {
  public static final String TYPE = "tensor.group.requested.v1";

  public TensorGroupRequested {
    Objects.requireNonNull(importId, "importId");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(ladder, "ladder");
    Objects.requireNonNull(group, "group");
  }

  @Override
  public String topic() {
    return Topics.QUANTIZATION_TASKS;
  }

  @Override
  public String type() {
    return TYPE;
  }

  /** Import and group: tasks of one import spread over all partitions. */
  @Override
  public String key() {
    return importId + "|" + ladder + "|" + group;
  }
}
