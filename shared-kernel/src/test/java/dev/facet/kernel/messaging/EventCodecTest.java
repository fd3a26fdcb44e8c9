package dev.facet.kernel.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.testing.TestEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
  private static final ModelWithdrawn EVENT =
      new ModelWithdrawn("docs-29m", Instant.parse("2026-11-23T10:00:00Z"));

  private final EventCodec codec = new EventCodec();

  @Test
  void readsWhatItWrote() {
    UUID id = UUID.randomUUID();

    EventEnvelope envelope = codec.open(TestEvents.record(EVENT, id));

    assertThat(envelope.id()).isEqualTo(id);
    assertThat(envelope.type()).isEqualTo(ModelWithdrawn.TYPE);
    assertThat(codec.body(envelope, ModelWithdrawn.class)).isEqualTo(EVENT);
  }

  @Test
  void toleratesFieldsOfLaterVersions() {
    byte[] later =
        "{\"model\":\"m\",\"withdrawnAt\":\"2026-11-23T10:00:00Z\",\"by\":\"operator\"}"
            .getBytes(StandardCharsets.UTF_8);
    EventEnvelope envelope =
        new EventEnvelope(UUID.randomUUID(), ModelWithdrawn.TYPE, Instant.now(), later);

    assertThat(codec.body(envelope, ModelWithdrawn.class).model()).isEqualTo("m");
  }

  @Test
  void refusesARecordWithoutHeaders() {
    ConsumerRecord<String, byte[]> bare = new ConsumerRecord<>("t", 0, 7, "k", new byte[0]);

    assertThatThrownBy(() -> codec.open(bare))
        .isInstanceOf(MalformedEvent.class)
        .hasMessageContaining("ce_id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "[]", "null", "{}", "{\"model\":\"m\",\"withdrawnAt\":null}"})
  void refusesABodyOfAnotherShape(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    EventEnvelope envelope =
        new EventEnvelope(UUID.randomUUID(), ModelWithdrawn.TYPE, Instant.now(), bytes);

    assertThatThrownBy(() -> codec.body(envelope, ModelWithdrawn.class))
        .isInstanceOf(MalformedEvent.class);
  }
}
