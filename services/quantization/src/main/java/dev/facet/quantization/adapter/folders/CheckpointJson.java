package dev.facet.quantization.adapter.folders;

import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.JsonSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Lets checkpoints be opened without knowing who reads their JSON. */
class CheckpointJson {
  @Produces
  @Singleton
  JsonSource json() {
    return new JacksonJsonSource();
  }
}
