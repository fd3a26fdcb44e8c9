package dev.facet.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicListTest {

  @Test
  void everyTopicHasADeadLetterTopicThatKeepsItsRecords() throws IOException {
    // Given
    TopicList list = TopicList.load();

    // When
    Map<String, NewTopic> byName = byName(list);

    // Then
    assertThat(list.topics()).isNotEmpty();
    assertThat(byName).hasSize(2 * list.topics().size());
    assertThat(list.topics())
        .allSatisfy(
            topic ->
                assertThat(byName.get(topic.name() + ".dlq").configs())
                    .containsEntry("retention.ms", "-1"));
  }

  @Test
  void catalogueTopicsAreCompactedAndWorkTopicsArePartitioned() throws IOException {
    // When
    Map<String, NewTopic> byName = byName(TopicList.load());

    // Then
    for (String compacted :
        new String[] {
          "device-profiles", "model-published", "kernels-published", "precision-policies"
        }) {
      assertThat(byName.get(compacted).configs()).containsEntry("cleanup.policy", "compact");
    }
    for (String partitioned : new String[] {"quantization-tasks", "client-metrics"}) {
      assertThat(byName.get(partitioned).numPartitions()).isEqualTo(4);
    }
  }

  private static Map<String, NewTopic> byName(TopicList list) {
    return list.newTopics().stream().collect(Collectors.toMap(NewTopic::name, Function.identity()));
  }
}
