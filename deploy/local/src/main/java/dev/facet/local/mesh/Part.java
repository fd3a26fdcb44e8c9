package dev.facet.local.mesh;

import java.io.IOException;
import java.nio.file.Path;

/** One process of the mesh: how to start it, how to see that it serves, how to end it. */
interface Part {

  /** What it is called in messages, in the state file and in the name of its log. */
  String name();

  /** The port it serves on 127.0.0.1, the same across restarts. */
  int port();

  /** The working directory of its process. */
  Path directory();

  /** Where its output goes. */
  Path log();

  /**
   * Starts the process; it need not serve yet when this returns.
   *
   * @throws IOException when it cannot be started
   */
  ProcessHandle launch() throws IOException;

  /** Whether it serves; called again and again while it starts. */
  boolean ready();

  /** Ends the process in its own orderly way; returns once it is gone. */
  void end(ProcessHandle process);
}
