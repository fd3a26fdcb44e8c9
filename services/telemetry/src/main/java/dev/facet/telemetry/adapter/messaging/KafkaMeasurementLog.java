package dev.facet.telemetry.adapter.messaging;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.messaging.CloudEventHeaders;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.telemetry.application.MeasurementLog;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * One record for each report, acknowledged by all in-sync replicas. Its key is the session, so that
 * one partition has all of it and busy models are spread over all partitions.
 */
@ApplicationScoped
class KafkaMeasurementLog implements MeasurementLog {
  static final String CHANNEL = "client-metrics-out";

  private final MutinyEmitter<byte[]> emitter;
  private final EventCodec codec;
  private final String service;

  KafkaMeasurementLog(
      @Channel(CHANNEL) MutinyEmitter<byte[]> emitter,
      EventCodec codec,
      @ConfigProperty(name = "quarkus.application.name") String service) {
    this.emitter = emitter;
    this.codec = codec;
    this.service = service;
  }

  @Override
  public Uni<Void> append(ClientMetricsReported report) {
    OutgoingKafkaRecordMetadata<String> metadata =
        OutgoingKafkaRecordMetadata.<String>builder()
            .withKey(report.session())
            .withHeaders(
                CloudEventHeaders.of(
                    UUID.randomUUID(), report.type(), service, report.receivedAt()))
            .build();
    return emitter.sendMessage(Message.of(codec.write(report)).addMetadata(metadata));
  }
}
