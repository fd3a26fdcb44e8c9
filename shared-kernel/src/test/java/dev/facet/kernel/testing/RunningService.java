package dev.facet.kernel.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A packaged service as a process of its own, on a port of its own choice, under the folder of its
 * module.
 */
public final class RunningService implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");
  private static final int LOG_LINES = 200;

  private final Process process;
  private final Deque<String> log = new ArrayDeque<>();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private RunningService(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "service-log");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts {@code target/quarkus-app} of the present folder.
   *
   * @param environment settings beside the inherited ones
   */
  public static RunningService start(Map<String, String> environment) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
                java.toString(), "-Xmx256m", "-jar", "target/quarkus-app/quarkus-run.jar")
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().put("QUARKUS_HTTP_PORT", "0");
    return new RunningService(builder.start());
  }

  /** Where it listens, once it does. */
  public String url() throws Exception {
    return "http://127.0.0.1:" + port.get(3, TimeUnit.MINUTES);
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines.lines().forEach(this::note);
    } catch (IOException | UncheckedIOException e) {
      note("the log has ended: " + e.getMessage());
    }
    port.completeExceptionally(new IllegalStateException(String.join("\n", log)));
  }

  private void note(String line) {
    Matcher listening = LISTENING.matcher(line);
    if (listening.find()) {
      port.complete(Integer.valueOf(listening.group(1)));
    }
    log.addLast(line);
    if (log.size() > LOG_LINES) {
      log.removeFirst();
    }
  }

  /** Asks it to stop, as an orchestrator does. */
  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the service did not stop within a minute");
    }
  }
}
