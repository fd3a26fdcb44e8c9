package dev.facet.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BrokerOptionsTest {

  @Test
  void readsDirectoryPortsAndReadyFile() {
    // When
    BrokerOptions options = BrokerOptions.parse("/data/a b", "9092", "9093", "/data/ready");

    // Then
    assertThat(options.logDirectory()).isEqualTo(Path.of("/data/a b/log"));
    assertThat(options.bootstrapServers()).isEqualTo("127.0.0.1:9092");
    assertThat(BrokerConfiguration.of(options))
        .containsEntry("controller.quorum.voters", "1@127.0.0.1:9093")
        .containsEntry("auto.create.topics.enable", "false");
  }

  @Test
  void refusesAnIncompleteCommandLine() {
    assertThatThrownBy(() -> BrokerOptions.parse("/data", "9092"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("READY_FILE");
  }
}
