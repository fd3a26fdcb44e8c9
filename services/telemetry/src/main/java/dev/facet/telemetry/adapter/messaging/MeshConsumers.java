package dev.facet.telemetry.adapter.messaging;

import dev.facet.kernel.event.DeviceProfiled;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.event.ShardsDelivered;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.kernel.messaging.UntilStored;
import dev.facet.telemetry.application.FollowMesh;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears what the other services tell. Types this service does not know are passed over. */
@ApplicationScoped
class MeshConsumers {
  private final EventCodec codec;
  private final FollowMesh mesh;

  MeshConsumers(EventCodec codec, FollowMesh mesh) {
    this.codec = codec;
    this.mesh = mesh;
  }

  @Incoming("device-profiles")
  Uni<Void> profiles(ConsumerRecord<String, byte[]> record) {
    return follow(record);
  }

  @Incoming("model-published")
  Uni<Void> models(ConsumerRecord<String, byte[]> record) {
    return follow(record);
  }

  @Incoming("shards-delivered")
  Uni<Void> deliveries(ConsumerRecord<String, byte[]> record) {
    return follow(record);
  }

  private Uni<Void> follow(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      return Uni.createFrom().voidItem();
    }
    EventEnvelope event = codec.open(record);
    return UntilStored.retry(() -> dispatch(event));
  }

  private Uni<Void> dispatch(EventEnvelope event) {
    return switch (event.type()) {
      case DeviceProfiled.TYPE ->
          mesh.profiled(event.id(), codec.body(event, DeviceProfiled.class));
      case ModelPublished.TYPE ->
          mesh.published(event.id(), codec.body(event, ModelPublished.class));
      case ModelWithdrawn.TYPE ->
          mesh.withdrawn(event.id(), codec.body(event, ModelWithdrawn.class));
      case ShardsDelivered.TYPE ->
          mesh.delivered(event.id(), codec.body(event, ShardsDelivered.class));
      default -> Uni.createFrom().voidItem();
    };
  }
}
