package dev.facet.local.broker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** Creates the declared topics that do not exist yet. */
final class TopicCreation {

  private TopicCreation() {}

  /**
   * Returns once every topic of the list exists.
   *
   * @throws ExecutionException when the broker refuses a topic
   */
  static void ensure(String bootstrapServers, TopicList list)
      throws ExecutionException, InterruptedException {
    Map<String, Object> settings =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (Admin admin = Admin.create(settings)) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing =
          list.newTopics().stream().filter(topic -> !existing.contains(topic.name())).toList();
      admin.createTopics(missing).all().get();
    }
  }
}
