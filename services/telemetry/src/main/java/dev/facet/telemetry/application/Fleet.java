package dev.facet.telemetry.application;

import dev.facet.kernel.event.DeviceProfiled;
import io.smallrye.mutiny.Uni;

/** The device classes seen. */
public interface Fleet {
  /** Counts a profile in its class, in the transaction that is open. */
  Uni<Void> add(DeviceProfiled profile);
}
