package dev.facet.capability.application;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.facet.capability.config.PlanConfig;
import dev.facet.capability.domain.plan.Device;
import dev.facet.kernel.problem.NotFound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Profiles by id, lately used ones from memory: they are immutable, so plans need no database for
 * them.
 */
@ApplicationScoped
public class RegisteredDevices {
  private final ProfileStore store;
  private final Cache<UUID, Device> recent;

  RegisteredDevices(ProfileStore store, PlanConfig config) {
    this.store = store;
    this.recent = Caffeine.newBuilder().maximumSize(config.profilesInMemory()).build();
  }

  /** Remembers a profile that is stored. */
  void remember(Device device) {
    recent.put(device.profile(), device);
  }

  /** The profile, or a failure with {@link NotFound}. */
  public Uni<Device> get(UUID profile) {
    Device known = recent.getIfPresent(profile);
    return known != null ? Uni.createFrom().item(known) : load(profile);
  }

  private Uni<Device> load(UUID profile) {
    return StorageUnavailable.guard(store.find(profile))
        .map(found -> found.orElseThrow(() -> new NotFound("profile", profile.toString())))
        .invoke(this::remember);
  }
}
