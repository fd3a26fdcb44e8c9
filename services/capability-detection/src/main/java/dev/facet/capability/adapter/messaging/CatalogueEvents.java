package dev.facet.capability.adapter.messaging;

import dev.facet.capability.application.KeepCatalogue;
import dev.facet.kernel.event.KernelsPublished;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.event.PrecisionPolicyChanged;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.kernel.messaging.UntilStored;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Hands events to the catalogue; unknown types pass, malformed ones end on the dead-letter topic,
 * and a database that is away is waited for.
 */
@ApplicationScoped
class CatalogueEvents {
  private final EventCodec codec;
  private final KeepCatalogue catalogue;

  CatalogueEvents(EventCodec codec, KeepCatalogue catalogue) {
    this.codec = codec;
    this.catalogue = catalogue;
  }

  @Incoming("model-published")
  Uni<Void> models(ConsumerRecord<String, byte[]> record) {
    return keep(record);
  }

  @Incoming("kernels-published")
  Uni<Void> kernels(ConsumerRecord<String, byte[]> record) {
    return keep(record);
  }

  @Incoming("precision-policies")
  Uni<Void> policies(ConsumerRecord<String, byte[]> record) {
    return keep(record);
  }

  private Uni<Void> keep(ConsumerRecord<String, byte[]> record) {
    EventEnvelope event = codec.open(record);
    return UntilStored.retry(() -> dispatch(event));
  }

  private Uni<Void> dispatch(EventEnvelope event) {
    return switch (event.type()) {
      case ModelPublished.TYPE ->
          catalogue.published(event.id(), codec.body(event, ModelPublished.class));
      case ModelWithdrawn.TYPE ->
          catalogue.withdrawn(event.id(), codec.body(event, ModelWithdrawn.class));
      case KernelsPublished.TYPE ->
          catalogue.published(event.id(), codec.body(event, KernelsPublished.class));
      case PrecisionPolicyChanged.TYPE ->
          catalogue.preferred(event.id(), codec.body(event, PrecisionPolicyChanged.class));
      default -> Uni.createFrom().voidItem();
    };
  }
}
