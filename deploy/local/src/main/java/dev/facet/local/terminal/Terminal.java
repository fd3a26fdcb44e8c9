package dev.facet.local.terminal;

import dev.facet.local.mesh.Progress;
import java.io.PrintStream;

/** The standard output of a command. */
public interface Terminal extends Progress, AutoCloseable {

  /** Draws when the output is a terminal, writes a line for each event otherwise. */
  static Terminal standard() {
    return standard(System.out, Boolean.getBoolean("facet.tty"));
  }

  private static Terminal standard(PrintStream out, boolean interactive) {
    return interactive ? new InteractiveTerminal(out) : new PlainTerminal(out);
  }

  /** Shows how far something measurable has come. */
  Bar bar(String task, long total, String unit);

  @Override
  void close();

  /** A measure of progress. */
  interface Bar extends AutoCloseable {

    /** Sets how far it is, and how far it has to go as far as that is known by now. */
    void at(long done, long total);

    /** Says something beside the bar, such as the time that is left. */
    void note(String text);

    /** Leaves the bar as it is. */
    @Override
    void close();
  }
}
