package dev.facet.local.cli;

import dev.facet.local.mesh.Mesh;
import dev.facet.local.terminal.Terminal;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends the mesh in order when this process is told to end (Ctrl-C, SIGTERM). */
final class Ending {

  private final Mesh mesh;
  private final Terminal terminal;
  private final AtomicBoolean begun = new AtomicBoolean();

  private Ending(Mesh mesh, Terminal terminal) {
    this.mesh = mesh;
    this.terminal = terminal;
  }

  static Ending onSignal(Mesh mesh, Terminal terminal) {
    Ending ending = new Ending(mesh, terminal);
    Runtime.getRuntime().addShutdownHook(new Thread(ending::now, "ending"));
    return ending;
  }

  boolean begun() {
    return begun.get();
  }

  /** Ends the mesh unless that has begun. */
  void now() {
    if (begun.compareAndSet(false, true)) {
      mesh.close();
      terminal.say("  Facet has ended.");
    }
  }
}
