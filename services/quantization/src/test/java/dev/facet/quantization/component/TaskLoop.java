package dev.facet.quantization.component;

import io.restassured.path.json.JsonPath;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import io.smallrye.reactive.messaging.memory.InMemorySource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** Plays Kafka: what the outbox tells on the task topic comes back to the consumer. */
public final class TaskLoop {
  /** How long a test waits before it calls a thing lost; hosts that build are slow. */
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String TASKS = "quantization-tasks";

  private final InMemorySink<byte[]> outbox;
  private final InMemorySource<Message<byte[]>> tasks;
  private final int begin;
  private int forwarded;

  public TaskLoop(InMemoryConnector connector) {
    this.outbox = connector.sink("outbox");
    this.tasks = connector.source(TASKS);
    this.begin = outbox.received().size();
    this.forwarded = begin;
  }

  /** Brings every task told since the last call to the consumer. */
  public void forward() {
    List<? extends Message<byte[]>> told = outbox.received();
    for (; forwarded < told.size(); forwarded++) {
      Message<byte[]> message = told.get(forwarded);
      if (topic(message).equals(TASKS)) {
        tasks.send(incoming(message));
      }
    }
  }

  /** Bodies of the events told on a topic since this loop was made. */
  public List<JsonPath> told(String topic) {
    return outbox.received().stream()
        .skip(begin)
        .filter(message -> topic(message).equals(topic))
        .map(message -> JsonPath.from(new String(message.getPayload(), StandardCharsets.UTF_8)))
        .toList();
  }

  /** The same of one model: imports that other tests have begun may still go on. */
  public List<JsonPath> told(String topic, String model) {
    return told(topic).stream().filter(event -> model.equals(event.getString("model"))).toList();
  }

  private static String topic(Message<byte[]> message) {
    return metadata(message).getTopic();
  }

  private static OutgoingKafkaRecordMetadata<?> metadata(Message<byte[]> message) {
    return message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
  }

  private static Message<byte[]> incoming(Message<byte[]> message) {
    OutgoingKafkaRecordMetadata<?> metadata = metadata(message);
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(TASKS, 0, 0, (String) metadata.getKey(), message.getPayload());
    metadata.getHeaders().forEach(record.headers()::add);
    return Message.of(
        message.getPayload(), Metadata.of(new IncomingKafkaRecordMetadata<>(record, TASKS, 0, 0)));
  }
}
