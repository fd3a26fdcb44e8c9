package dev.facet.capability.application;

import dev.facet.capability.domain.plan.Device;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.UUID;

/** Where device profiles lie. */
public interface ProfileStore {
  /** Keeps a profile in the open transaction; whether it was new. */
  Uni<Boolean> add(Device device);

  /** The profile of that id. */
  Uni<Optional<Device>> find(UUID profile);
}
