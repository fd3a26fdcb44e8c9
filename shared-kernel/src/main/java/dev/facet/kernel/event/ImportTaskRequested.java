package dev.facet.kernel.event;

import java.util.Objects;
import java.util.UUID;

/**
 * One task of an import is to be done. Told again when the worker that held it has gone.
 *
 * @param importId the run of the import, so that work on a withdrawn or repeated import ends by
 *     itself
 * @param step kind of work, for example {@code rounding}
 * @param subject what it is done to, for example {@code full/layers.0.qk}; empty where there is
 *     only one such task
 */
public record ImportTaskRequested(UUID importId, String model, String step, String subject)
    implements DomainEvent {
  public static final String TYPE = "import.task.requested.v1";

  public ImportTaskRequested {
    Objects.requireNonNull(importId, "importId");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(subject, "subject");
  }

  @Override
  public String topic() {
    return Topics.QUANTIZATION_TASKS;
  }

  @Override
  public String type() {
    return TYPE;
  }

  /** The whole task: those of one import spread over all partitions. */
  @Override
  public String key() {
    return importId + "|" + step + "|" + subject;
  }
}
