package dev.facet.local.terminal;

import java.io.PrintStream;

/** One line for each event, for logs and pipes. */
final class PlainTerminal implements Terminal {

  private static final int TENTHS = 10;

  private final PrintStream out;

  PlainTerminal(PrintStream out) {
    this.out = out;
  }

  @Override
  public Step begin(String what) {
    long began = System.nanoTime();
    return new Step() {
      @Override
      public void done(String detail) {
        out.println(Lines.done(what, detail, System.nanoTime() - began));
      }

      @Override
      public void failed() {
        out.println(Lines.failed(what));
      }
    };
  }

  @Override
  public void say(String line) {
    out.println(line);
  }

  @Override
  public Bar bar(String task, long total, String unit) {
    return new Bar() {
      private long tenthsShown = -1;
      private String beside = "";

      @Override
      public void at(long done, long newTotal) {
        long tenths = newTotal == 0 ? 0 : done * TENTHS / newTotal;
        if (tenths != tenthsShown) {
          tenthsShown = tenths;
          out.printf("%s: %d of %d %s%s%n", task, done, newTotal, unit, beside);
        }
      }

      @Override
      public void note(String text) {
        beside = text.isEmpty() ? "" : ", " + text;
      }

      @Override
      public void close() {
        out.flush();
      }
    };
  }

  @Override
  public void close() {
    out.flush();
  }
}
