package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.domain.importing.Fetch;
import dev.facet.quantization.domain.importing.ImportFailure;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;

/** Stored fetches. A fetch belongs to one worker as long as its lease runs. */
public interface FetchRepository {
  /** The fetch, or null. */
  Uni<Fetch> find(ModelId model);

  /** All fetches by model id. */
  Uni<List<Fetch>> list();

  /** Stores a new fetch unless one is running under its id; gives the one that is stored. */
  Uni<Fetch> begin(Fetch fetch);

  /** Running fetches that no worker has. */
  Uni<List<Fetch>> idle(Instant now);

  /** Takes a running fetch that no other worker has; false if there is none. */
  Uni<Boolean> claim(ModelId model, String worker, Instant now, Instant until);

  /** Stores how far it is and renews the lease; false if the fetch is gone or another's. */
  Uni<Boolean> advance(Fetch fetch, String worker, Instant until);

  /** Stores what stopped it. */
  Uni<Void> fail(ModelId model, String worker, ImportFailure failure);

  /** Removes a fetch; false if there was none. */
  Uni<Boolean> remove(ModelId model);
}
