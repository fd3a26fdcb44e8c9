package dev.facet.kernel.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** An event waiting to be told. */
@Entity
@Table(name = "outbox")
public class OutboxEntry {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "outbox_position")
  @SequenceGenerator(name = "outbox_position", sequenceName = "outbox_position", allocationSize = 1)
  Long position;

  @Column(name = "event_id", nullable = false)
  UUID eventId;

  @Column(nullable = false)
  String topic;

  @Column(name = "record_key", nullable = false)
  String key;

  @Column(nullable = false)
  String type;

  @Column(nullable = false)
  byte[] body;

  @Column(name = "occurred_at", nullable = false)
  Instant occurredAt;

  protected OutboxEntry() {}

  OutboxEntry(
      UUID eventId, String topic, String key, String type, byte[] body, Instant occurredAt) {
    this.eventId = eventId;
    this.topic = topic;
    this.key = key;
    this.type = type;
    this.body = body;
    this.occurredAt = occurredAt;
  }
}
