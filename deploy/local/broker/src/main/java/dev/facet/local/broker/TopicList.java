package dev.facet.local.broker;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The declared topics, read from {@code deploy/topics.json}.
 *
 * @param deadLetterSuffix what a topic's name ends with when it holds the records that could not be
 *     consumed
 * @param topics every topic but the dead-letter ones
 */
record TopicList(String deadLetterSuffix, List<Topic> topics) {

  private static final short REPLICATION = 1;

  /** A topic; a compacted one keeps the last record of each key for ever. */
  record Topic(String name, int partitions, boolean compacted) {}

  /** Reads the list that was packed with this program. */
  static TopicList load() throws IOException {
    try (InputStream in = TopicList.class.getResourceAsStream("/topics.json")) {
      return new ObjectMapper().readValue(in, TopicList.class);
    }
  }

  /** What Kafka is asked to create: each topic and its dead-letter topic. */
  List<NewTopic> newTopics() {
    return topics.stream().flatMap(topic -> Stream.of(main(topic), deadLetter(topic))).toList();
  }

  private NewTopic main(Topic topic) {
    String policy = topic.compacted() ? "compact" : "delete";
    return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.of(REPLICATION))
        .configs(Map.of("cleanup.policy", policy));
  }

  private NewTopic deadLetter(Topic topic) {
    String name = topic.name() + deadLetterSuffix;
    return new NewTopic(name, Optional.of(1), Optional.of(REPLICATION))
        .configs(Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
  }
}
