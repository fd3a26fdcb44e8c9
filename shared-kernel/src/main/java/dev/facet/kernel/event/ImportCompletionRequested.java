package dev.facet.kernel.event;

import java.util.Objects;
import java.util.UUID;

/**
 * All tensor groups of an import are encoded: its ladders are to be indexed, measured and
 * published. Told again when the worker that held it has gone.
 *
 * @param importId the run of the import
 */
public record ImportCompletionRequested(UUID importId, String model) implements DomainEvent {
  public static final String TYPE = "import.completion.requested.v1";

  public ImportCompletionRequested {
    Objects.requireNonNull(importId, "importId");
    Objects.requireNonNull(model, "model");
  }

  @Override
  public String topic() {
    return Topics.QUANTIZATION_TASKS;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String key() {
    return importId.toString();
  }
}
