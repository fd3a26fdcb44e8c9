package dev.facet.local.broker;

import java.util.Properties;

/** Kafka's settings for a single durable node on a small machine. */
final class BrokerConfiguration {

  private BrokerConfiguration() {}

  /** The settings of the node; ports may differ from one start to the next on the same data. */
  static Properties of(BrokerOptions options) {
    Properties settings = new Properties();
    network(settings, options);
    internalTopics(settings);
    footprint(settings);
    settings.setProperty("log.dirs", options.logDirectory().toString());
    settings.setProperty("auto.create.topics.enable", "false");
    settings.setProperty("group.initial.rebalance.delay.ms", "0");
    // A mesh may rest for months; its consumers must then go on where they stopped.
    settings.setProperty("offsets.retention.minutes", String.valueOf(365 * 24 * 60));
    return settings;
  }

  private static void network(Properties settings, BrokerOptions options) {
    String controller = "127.0.0.1:" + options.controllerPort();
    settings.setProperty("process.roles", "broker,controller");
    settings.setProperty("node.id", "1");
    // A static quorum, since a dynamic one would remember the controller's first port.
    settings.setProperty("controller.quorum.voters", "1@" + controller);
    settings.setProperty("controller.listener.names", "CONTROLLER");
    settings.setProperty(
        "listeners", "PLAINTEXT://" + options.bootstrapServers() + ",CONTROLLER://" + controller);
  }

  private static void internalTopics(Properties settings) {
    settings.setProperty("offsets.topic.replication.factor", "1");
    settings.setProperty("offsets.topic.num.partitions", "3");
    settings.setProperty("transaction.state.log.replication.factor", "1");
    settings.setProperty("transaction.state.log.min.isr", "1");
    settings.setProperty("transaction.state.log.num.partitions", "3");
    settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
    settings.setProperty("share.coordinator.state.topic.min.isr", "1");
    settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
  }

  private static void footprint(Properties settings) {
    settings.setProperty("num.network.threads", "2");
    settings.setProperty("num.io.threads", "4");
    settings.setProperty("background.threads", "2");
    settings.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
    settings.setProperty("log.cleaner.io.buffer.size", String.valueOf(256 << 10));
  }
}
