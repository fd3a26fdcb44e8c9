package dev.facet.capability.application;

import dev.facet.capability.domain.catalogue.KernelSet;
import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.capability.domain.catalogue.Preference;
import dev.facet.kernel.event.KernelsPublished;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.event.PrecisionPolicyChanged;
import dev.facet.kernel.inbox.Inbox;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.Supplier;

/** Writes what other services tell into the catalogue's tables, each event once. */
@ApplicationScoped
public class KeepCatalogue {
  private static final String CONSUMER = "capability-detection.catalogue";

  private final Inbox inbox;
  private final CatalogueStore store;
  private final Catalogue catalogue;

  KeepCatalogue(Inbox inbox, CatalogueStore store, Catalogue catalogue) {
    this.inbox = inbox;
    this.store = store;
    this.catalogue = catalogue;
  }

  /**
   * @throws IllegalArgumentException if the event lacks what plans need
   */
  public Uni<Void> published(UUID event, ModelPublished model) {
    ModelOffer.of(model);
    return once(event, () -> store.put(model));
  }

  public Uni<Void> withdrawn(UUID event, ModelWithdrawn model) {
    return once(event, () -> store.remove(model));
  }

  /**
   * @throws IllegalArgumentException if the set has no revision or module
   */
  public Uni<Void> published(UUID event, KernelsPublished kernels) {
    new KernelSet(kernels.revision(), kernels.modules());
    return once(event, () -> store.put(kernels));
  }

  public Uni<Void> preferred(UUID event, PrecisionPolicyChanged policy) {
    Preference preference =
        new Preference(
            policy.model(),
            policy.deviceClass(),
            policy.point(),
            policy.reason(),
            policy.decidedAt());
    return once(event, () -> store.put(preference));
  }

  private Uni<Void> once(UUID event, Supplier<Uni<Void>> write) {
    return Panache.withTransaction(() -> inbox.once(CONSUMER, event, write))
        .chain(catalogue::refresh);
  }
}
