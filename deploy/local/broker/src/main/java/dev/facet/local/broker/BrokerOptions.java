package dev.facet.local.broker;

import java.nio.file.Path;

/**
 * What the launcher tells the broker on its command line.
 *
 * @param directory where log segments and metadata are kept
 * @param port the port on 127.0.0.1 that clients use
 * @param controllerPort the port on 127.0.0.1 of the KRaft controller
 * @param ready a file written once clients can connect and every topic exists
 */
record BrokerOptions(Path directory, int port, int controllerPort, Path ready) {

  private static final int ARGUMENTS = 4;

  /**
   * Reads {@code DIRECTORY PORT CONTROLLER_PORT READY_FILE}.
   *
   * @throws IllegalArgumentException when there are not exactly four or a port is not a number
   */
  static BrokerOptions parse(String... arguments) {
    if (arguments.length != ARGUMENTS) {
      throw new IllegalArgumentException("expected DIRECTORY PORT CONTROLLER_PORT READY_FILE");
    }
    return new BrokerOptions(
        Path.of(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Path.of(arguments[3]));
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  Path logDirectory() {
    return directory.resolve("log");
  }
}
