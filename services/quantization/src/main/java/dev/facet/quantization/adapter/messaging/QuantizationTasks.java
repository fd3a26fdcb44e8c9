package dev.facet.quantization.adapter.messaging;

import dev.facet.kernel.event.ImportCompletionRequested;
import dev.facet.kernel.event.TensorGroupRequested;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.quantization.application.CompleteImport;
import dev.facet.quantization.application.EncodeGroup;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes up requested work. A record is acknowledged once its task is done, given up or found in
 * other hands; from then on the task's row, not the record, sees to it that the work gets done.
 */
@ApplicationScoped
public class QuantizationTasks {
  private final EventCodec codec;
  private final EncodeGroup encode;
  private final CompleteImport complete;

  QuantizationTasks(EventCodec codec, EncodeGroup encode, CompleteImport complete) {
    this.codec = codec;
    this.encode = encode;
    this.complete = complete;
  }

  /** Unknown types are ignored; a malformed record fails and goes to the dead-letter topic. */
  @Incoming("quantization-tasks")
  public Uni<Void> work(ConsumerRecord<String, byte[]> record) {
    EventEnvelope event = codec.open(record);
    return switch (event.type()) {
      case TensorGroupRequested.TYPE -> encode.on(codec.body(event, TensorGroupRequested.class));
      case ImportCompletionRequested.TYPE ->
          complete.on(codec.body(event, ImportCompletionRequested.class));
      default -> Uni.createFrom().voidItem();
    };
  }
}
