package dev.facet.streaming.application;

import dev.facet.kernel.event.KernelsPublished;
import dev.facet.kernel.outbox.Outbox;
import dev.facet.streaming.domain.bundle.KernelSet;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Tells other services which kernels are served, once for each change; tried until the database
 * takes it.
 */
@ApplicationScoped
public class AnnounceKernels {
  private static final Logger LOG = Logger.getLogger(AnnounceKernels.class);

  private final KernelLibrary library;
  private final AnnouncementStore announcements;
  private final Outbox outbox;
  private volatile boolean done;

  AnnounceKernels(KernelLibrary library, AnnouncementStore announcements, Outbox outbox) {
    this.library = library;
    this.announcements = announcements;
    this.outbox = outbox;
  }

  @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  public Uni<Void> announce() {
    if (done || library.kernels().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return announce(library.kernels().get())
        .invoke(() -> done = true)
        .onFailure()
        .invoke(e -> LOG.warnf("kernels are announced later: %s", e.getMessage()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> announce(KernelSet kernels) {
    return Panache.withTransaction(
        () ->
            announcements
                .note(kernels.revision())
                .chain(
                    changed ->
                        changed ? outbox.append(event(kernels)) : Uni.createFrom().voidItem()));
  }

  private static KernelsPublished event(KernelSet kernels) {
    List<KernelsPublished.Module> modules =
        kernels.modules().stream()
            .map(
                m ->
                    new KernelsPublished.Module(
                        m.name(), m.kind(), m.backend(), m.sha256(), m.bytes()))
            .toList();
    return new KernelsPublished(kernels.revision(), modules, Instant.now());
  }
}
