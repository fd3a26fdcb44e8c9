package dev.facet.local.terminal;

import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A spinner line for what is under way, below the lines of what is finished. */
final class InteractiveTerminal implements Terminal {

  private static final String FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  private static final int FRAME_MS = 100;
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final int WIDTH = 76;

  private final PrintStream out;
  private final Map<Object, Running> running = new LinkedHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(InteractiveTerminal::daemon);
  private int frame;

  private record Running(String what, long began) {}

  InteractiveTerminal(PrintStream out) {
    this.out = out;
    ticker.scheduleAtFixedRate(this::draw, FRAME_MS, FRAME_MS, TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "terminal");
    thread.setDaemon(true);
    return thread;
  }

  private synchronized void draw() {
    if (running.isEmpty()) {
      return;
    }
    Collection<Running> steps = running.values();
    long oldest = steps.stream().mapToLong(Running::began).min().orElseThrow();
    String names = String.join(", ", steps.stream().map(Running::what).toList());
    String clipped = names.length() > WIDTH ? names.substring(0, WIDTH - 1) + "…" : names;
    char spinner = FRAMES.charAt(frame++ % FRAMES.length());
    double seconds = (System.nanoTime() - oldest) / 1e9;
    out.print(CLEAR_LINE + String.format(Locale.ROOT, "  %c %s %.0f s", spinner, clipped, seconds));
    out.flush();
  }

  @Override
  public synchronized Step begin(String what) {
    Object key = new Object();
    long began = System.nanoTime();
    running.put(key, new Running(what, began));
    return new Step() {
      @Override
      public void done(String detail) {
        finish(key, Lines.done(what, detail, System.nanoTime() - began));
      }

      @Override
      public void failed() {
        finish(key, Lines.failed(what));
      }
    };
  }

  private synchronized void finish(Object key, String line) {
    running.remove(key);
    say(line);
  }

  @Override
  public synchronized void say(String line) {
    out.println(CLEAR_LINE + line);
    out.flush();
  }

  @Override
  public Bar bar(String task, long total, String unit) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("  " + task)
            .setInitialMax(Math.max(total, 0))
            .setUnit(" " + unit, 1)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(FRAME_MS)
            .hideEta()
            .build();
    return new Bar() {
      @Override
      public void at(long done, long newTotal) {
        bar.maxHint(newTotal);
        bar.stepTo(done);
      }

      @Override
      public void note(String text) {
        bar.setExtraMessage(" " + text);
      }

      @Override
      public void close() {
        bar.close();
      }
    };
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    synchronized (this) {
      out.print(CLEAR_LINE);
      out.flush();
    }
  }
}
