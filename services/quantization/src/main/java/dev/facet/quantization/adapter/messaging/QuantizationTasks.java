package dev.facet.quantization.adapter.messaging;

import dev.facet.kernel.event.ImportTaskRequested;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.quantization.application.CarryOutTask;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes up requested work. A record is acknowledged once its task is done, given up or found in
 * other hands; from then on the task's row, not the record, sees to it that the work gets done.
 */
@ApplicationScoped
public class QuantizationTasks {
  private final EventCodec codec;
  private final CarryOutTask carryOut;

  QuantizationTasks(EventCodec codec, CarryOutTask carryOut) {
    this.codec = codec;
    this.carryOut = carryOut;
  }

  /** Unknown types are ignored; a malformed record fails and goes to the dead-letter topic. */
  @Incoming("quantization-tasks")
  public Uni<Void> work(ConsumerRecord<String, byte[]> record) {
    EventEnvelope event = codec.open(record);
    return switch (event.type()) {
      case ImportTaskRequested.TYPE -> work(codec.body(event, ImportTaskRequested.class));
      default -> Uni.createFrom().voidItem();
    };
  }

  private Uni<Void> work(ImportTaskRequested request) {
    return carryOut.on(request).chain(() -> carryOut.helpOut(Optional.of(request.importId())));
  }
}
