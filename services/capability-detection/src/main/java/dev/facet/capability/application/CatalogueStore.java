package dev.facet.capability.application;

import dev.facet.capability.domain.catalogue.CatalogueSnapshot;
import dev.facet.capability.domain.catalogue.Preference;
import dev.facet.kernel.event.KernelsPublished;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import io.smallrye.mutiny.Uni;

/**
 * Tables of the catalogue. Writes need an open transaction and ignore what is older than what is
 * there.
 */
public interface CatalogueStore {
  Uni<Void> put(ModelPublished model);

  Uni<Void> remove(ModelWithdrawn model);

  Uni<Void> put(KernelsPublished kernels);

  Uni<Void> put(Preference preference);

  /** Grows with each write. */
  Uni<Long> version();

  /** All of it. */
  Uni<CatalogueSnapshot> load();
}
