package dev.facet.capability.application;

import dev.facet.kernel.problem.DomainProblem;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;

/** The database is away; what needs it may be tried again. */
public final class StorageUnavailable extends DomainProblem {
  private static final Logger LOG = Logger.getLogger(StorageUnavailable.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private StorageUnavailable() {
    super(
        "storage-unavailable",
        503,
        "The database is away",
        "Profiles can neither be stored nor looked up for the moment; try again in a few seconds.",
        Map.of());
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Retry-After", "5");
  }

  /**
   * The same work, whose failures other than broken rules, and whose lateness, become this problem.
   */
  static <T> Uni<T> guard(Uni<T> work) {
    return work.ifNoItem()
        .after(PATIENCE)
        .fail()
        .onFailure(failure -> !(failure instanceof DomainProblem))
        .transform(StorageUnavailable::after);
  }

  private static StorageUnavailable after(Throwable failure) {
    LOG.warnf("the database does not answer: %s", failure.getMessage());
    return new StorageUnavailable();
  }
}
