package dev.facet.quantization.application;

import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.config.WorkConfig;
import dev.facet.quantization.domain.importing.Fetch;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportFailure;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Fetches in the background. A fetch whose worker has gone is taken over when its lease has run
 * out, and goes on where it was.
 */
@ApplicationScoped
public class FetchRuns {
  private static final Logger LOG = Logger.getLogger(FetchRuns.class);
  private static final Duration STEP = Duration.ofMillis(500);

  private final SourceDownloads downloads;
  private final FetchRepository fetches;
  private final ImportModel imports;
  private final BlobStore blobs;
  private final WorkConfig config;
  private final String worker = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

  FetchRuns(
      SourceDownloads downloads,
      FetchRepository fetches,
      ImportModel imports,
      BlobStore blobs,
      WorkConfig config) {
    this.downloads = downloads;
    this.fetches = fetches;
    this.imports = imports;
    this.blobs = blobs;
    this.config = config;
  }

  /** Takes up all fetches that no worker has. */
  public Uni<Void> sweep() {
    return fetches.idle(Instant.now()).invoke(idle -> idle.forEach(this::start)).replaceWithVoid();
  }

  /** Begins to fetch, on a context of its own, unless another worker does. */
  void start(Fetch fetch) {
    Vertx vertx = Vertx.currentContext().owner();
    Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    VertxContextSafetyToggle.setContextSafe(context, true);
    context.runOnContext(
        ignored ->
            fetches
                .claim(fetch.model(), worker, Instant.now(), leaseEnd())
                .chain(won -> won ? run(fetch, context) : Uni.createFrom().voidItem())
                .subscribe()
                .with(
                    done -> {},
                    failure -> LOG.warnf(failure, "fetching %s is tried again", fetch.model())));
  }

  private Uni<Void> run(Fetch fetch, Context home) {
    FetchProgress progress = new FetchProgress();
    Cancellable reports = report(fetch, progress);
    return downloads
        .download(fetch.source(), progress)
        .emitOn(command -> home.runOnContext(ignored -> command.run()))
        .chain(() -> progress.isStopped() ? Uni.createFrom().voidItem() : hand(fetch))
        .onFailure(DomainProblem.class)
        .recoverWithUni(
            problem ->
                fetches.fail(fetch.model(), worker, ImportFailure.of((DomainProblem) problem)))
        .onTermination()
        .invoke(reports::cancel);
  }

  /** The files are there: what follows is an import like any other. */
  private Uni<Void> hand(Fetch fetch) {
    return OffLoop.run(Infrastructure.getDefaultWorkerPool(), () -> text(fetch))
        .chain(text -> imports.begin(new ImportRequest(fetch.source(), fetch.model(), text)))
        .chain(model -> fetches.remove(fetch.model()))
        .replaceWithVoid();
  }

  private String text(Fetch fetch) {
    return fetch.heldOutText() == null
        ? null
        : new String(blobs.read(fetch.heldOutText().sha256()), StandardCharsets.UTF_8);
  }

  /** Stores from time to time how far a fetch is, and stops it when it was withdrawn. */
  private Cancellable report(Fetch fetch, FetchProgress progress) {
    return Multi.createFrom()
        .ticks()
        .every(STEP)
        .onOverflow()
        .drop()
        .onItem()
        .transformToUniAndConcatenate(
            tick -> fetches.advance(at(fetch, progress), worker, leaseEnd()))
        .subscribe()
        .with(
            kept -> {
              if (!kept) {
                progress.stop();
              }
            },
            failure -> LOG.warnf("how far %s is cannot be stored: %s", fetch.model(), failure));
  }

  private static Fetch at(Fetch fetch, FetchProgress progress) {
    return new Fetch(
        fetch.model(),
        fetch.source(),
        fetch.heldOutText(),
        ImportCourse.fetching(progress.done(), progress.total(), fetch.begunAt()),
        fetch.begunAt());
  }

  private Instant leaseEnd() {
    return Instant.now().plus(config.lease());
  }
}
