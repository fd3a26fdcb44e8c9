package dev.facet.quantization.application;

import dev.facet.quantization.config.WorkConfig;
import dev.facet.quantization.domain.ladder.Rehearsal;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Has the kernels compiled while nothing waits for them. */
@ApplicationScoped
class Rehearsing {
  private static final Logger LOG = Logger.getLogger(Rehearsing.class);

  private final WorkConfig config;
  private final CpuPool pool;

  Rehearsing(WorkConfig config, CpuPool pool) {
    this.config = config;
    this.pool = pool;
  }

  void begin(@Observes StartupEvent start) {
    config.rehearseAfter().ifPresent(this::rehearseAfter);
  }

  private void rehearseAfter(Duration pause) {
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(pause)
        .chain(() -> pool.run(this::rehearse))
        .subscribe()
        .with(
            millis -> LOG.infof("Kernels were rehearsed in %d ms", millis),
            failure ->
                LOG.warn("Kernels could not be rehearsed; the first import takes longer", failure));
  }

  private long rehearse() {
    long began = System.nanoTime();
    new Rehearsal(pool.workers()).run();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }
}
