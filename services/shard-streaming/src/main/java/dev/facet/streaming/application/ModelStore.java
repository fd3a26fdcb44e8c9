package dev.facet.streaming.application;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import io.smallrye.mutiny.Uni;

/** Tables of what may be bundled. Writes need an open transaction. */
public interface ModelStore {
  Uni<Void> put(ModelPublished model);

  /** Removes all revisions published before the withdrawal. */
  Uni<Void> remove(ModelWithdrawn model);

  /** Grows with each write. */
  Uni<Long> version();

  Uni<ModelSnapshot> load();
}
