package dev.facet.local.mesh;

import dev.facet.local.process.ProcessRecord;
import dev.facet.local.process.WorkingDirectory;
import dev.facet.local.proxy.OriginProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The whole mesh on one machine: PostgreSQL, Kafka, the four services and the one origin.
 *
 * <p>Parts that end by themselves are started again. Closing ends everything in the reverse order
 * of the start and leaves neither processes nor lock; the data stays.
 */
public final class Mesh implements AutoCloseable {

  private static final int SUPERVISOR_THREADS = 4;

  private final DataDirectory data;
  private final DataLock lock;
  private final StateFile stateFile;
  private final Path models;
  private final Progress progress;
  private final Instant startedAt = Instant.now();
  private final ScheduledExecutorService scheduler =
      Executors.newScheduledThreadPool(SUPERVISOR_THREADS, Mesh::daemon);

  private final List<SupervisedPart> stores;
  private final List<SupervisedPart> services;
  private final OriginProxy proxy;
  private final RunMarker marker;
  private boolean ready;
  private boolean closed;

  private Mesh(MeshOptions options, DataDirectory data, DataLock lock, Progress progress)
      throws IOException {
    this.data = data;
    this.lock = lock;
    this.progress = progress;
    this.stateFile = new StateFile(data.state());
    this.models = options.models() == null ? data.models() : options.models().toAbsolutePath();
    Parts parts = Parts.plan(options, data, models);
    this.stores = parts.stores().stream().map(this::supervised).toList();
    this.services = parts.services().stream().map(this::supervised).toList();
    this.proxy = OriginProxy.listen(options.host(), options.port(), parts.origins());
    this.marker = RunMarker.place(options.installation());
  }

  private SupervisedPart supervised(Part part) {
    return new SupervisedPart(part, scheduler, progress, this::record);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "supervisor");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Takes the data directory and the port, without starting anything yet.
   *
   * @throws MeshException when the data is in use or not ours, or the port is taken
   */
  public static Mesh claim(MeshOptions options, Progress progress) {
    DataDirectory data = DataDirectory.prepare(options.data());
    try {
      DataLock lock = DataLock.take(data.lock()).orElseThrow(() -> inUse(data));
      try {
        List<String> ended = new Orphans(data).end(lock);
        if (!ended.isEmpty()) {
          progress.say("Ended what an earlier run left behind: " + String.join(", ", ended));
        }
        return new Mesh(options, data, lock, progress);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new MeshException("The data directory %s: %s".formatted(data.path(), e), e);
    }
  }

  /** Claims, then starts; a failure leaves nothing running. */
  public static Mesh start(MeshOptions options, Progress progress) {
    Mesh mesh = claim(options, progress);
    try {
      mesh.start();
      return mesh;
    } catch (RuntimeException e) {
      mesh.close();
      throw e;
    }
  }

  private static MeshException inUse(DataDirectory data) {
    String by =
        new StateFile(data.state())
            .read()
            .map(state -> " at %s (pid %d)".formatted(state.url(), state.launcher().pid()))
            .orElse("");
    return new MeshException("A mesh already runs on %s%s.".formatted(data.path(), by));
  }

  /**
   * Starts PostgreSQL and Kafka side by side, then the services side by side.
   *
   * @throws MeshException when one of them does not come up; what came up still runs then
   */
  public void start() {
    record();
    startAll(stores);
    startAll(services);
  }

  private void startAll(List<SupervisedPart> parts) {
    List<CompletableFuture<Void>> starts =
        parts.stream()
            .map(part -> CompletableFuture.runAsync(part::start, this::inThread))
            .toList();
    try {
      CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof MeshException known ? known : e;
    }
  }

  private void inThread(Runnable work) {
    daemon(work).start();
  }

  /** Lets other commands know that a browser can use the mesh now. */
  public void announceReady() {
    synchronized (this) {
      ready = true;
    }
    record();
  }

  private synchronized void record() {
    if (closed) {
      return;
    }
    List<ProcessRecord> running = new ArrayList<>();
    stores.forEach(part -> part.lastProcess().ifPresent(running::add));
    services.forEach(part -> part.lastProcess().ifPresent(running::add));
    ProcessRecord launcher =
        ProcessRecord.of(
            "launcher",
            ProcessHandle.current(),
            WorkingDirectory.of(ProcessHandle.current().pid()).orElse(null),
            proxy.port());
    try {
      stateFile.write(new MeshState(launcher, url().toString(), ready, startedAt, models, running));
    } catch (IOException e) {
      progress.say("The state of the mesh could not be written: " + e.getMessage());
    }
  }

  /** The one origin. */
  public URI url() {
    return proxy.url();
  }

  /** Where models are looked up by name. */
  public Path models() {
    return models;
  }

  /** The data directory. */
  public DataDirectory data() {
    return data;
  }

  /**
   * The process that runs a part now.
   *
   * @param part {@code postgresql}, {@code kafka} or the name of a service, with {@code -2} and so
   *     on for further replicas
   */
  public Optional<ProcessRecord> process(String part) {
    List<SupervisedPart> all = new ArrayList<>(stores);
    all.addAll(services);
    return all.stream()
        .filter(candidate -> candidate.part().name().equals(part))
        .findFirst()
        .flatMap(SupervisedPart::lastProcess);
  }

  /** Ends everything; returns once it has ended. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    proxy.close();
    stopAll(services);
    List<SupervisedPart> latestFirst = new ArrayList<>(stores);
    Collections.reverse(latestFirst);
    latestFirst.forEach(this::stop);
    scheduler.shutdownNow();
    marker.remove();
    try {
      stateFile.delete();
      lock.close();
    } catch (IOException e) {
      throw new MeshException("The lock on the data could not be released", e);
    }
  }

  private void stopAll(List<SupervisedPart> parts) {
    CompletableFuture.allOf(
            parts.stream()
                .map(part -> CompletableFuture.runAsync(() -> stop(part), this::inThread))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private void stop(SupervisedPart part) {
    if (part.lastProcess().isEmpty()) {
      return;
    }
    Progress.Step step = progress.begin("stopping " + part.part().name());
    part.stop();
    step.done("");
  }
}
