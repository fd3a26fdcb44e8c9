package dev.facet.quantization.adapter.download;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Names are looked up as the rest of the system does. */
class SystemResolver {
  @Produces
  @Singleton
  HostResolver resolver() {
    return HostResolver.system();
  }
}
