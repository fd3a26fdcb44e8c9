package dev.facet.streaming.adapter.messaging;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.kernel.messaging.UntilStored;
import dev.facet.streaming.application.KeepModels;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Hands events on models on; unknown types pass, malformed ones end on the dead-letter topic, and a
 * database that is away is waited for.
 */
@ApplicationScoped
class ModelEvents {
  private final EventCodec codec;
  private final KeepModels models;

  ModelEvents(EventCodec codec, KeepModels models) {
    this.codec = codec;
    this.models = models;
  }

  @Incoming("model-published")
  Uni<Void> consume(ConsumerRecord<String, byte[]> record) {
    EventEnvelope event = codec.open(record);
    return UntilStored.retry(() -> dispatch(event));
  }

  private Uni<Void> dispatch(EventEnvelope event) {
    return switch (event.type()) {
      case ModelPublished.TYPE ->
          models.published(event.id(), codec.body(event, ModelPublished.class));
      case ModelWithdrawn.TYPE ->
          models.withdrawn(event.id(), codec.body(event, ModelWithdrawn.class));
      default -> Uni.createFrom().voidItem();
    };
  }
}
