package dev.facet.local.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Properties;
import java.util.logging.LogManager;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * Runs one Kafka node until it is told to end.
 *
 * <p>SIGTERM or SIGINT shut it down in order; after SIGKILL the next start on the same directory
 * recovers what was acknowledged.
 */
public final class Broker {

  private Broker() {}

  /** Arguments: {@code DIRECTORY PORT CONTROLLER_PORT READY_FILE}. */
  public static void main(String... arguments) throws Exception {
    BrokerOptions options = BrokerOptions.parse(arguments);
    configureLogging();
    Files.deleteIfExists(options.ready());
    Properties settings = BrokerConfiguration.of(options);
    Storage.prepare(options, settings);
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "broker-shutdown"));
    server.startup();
    TopicCreation.ensure(options.bootstrapServers(), TopicList.load());
    Files.writeString(options.ready(), options.bootstrapServers());
    server.awaitShutdown();
  }

  private static void configureLogging() throws IOException {
    try (InputStream settings = Broker.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
  }
}
