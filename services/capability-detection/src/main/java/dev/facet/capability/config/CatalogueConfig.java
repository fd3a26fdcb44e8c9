package dev.facet.capability.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The catalogue in memory. */
@ConfigMapping(prefix = "facet.catalogue")
public interface CatalogueConfig {
  /** How often the tables are asked whether another replica has changed them. */
  @WithDefault("2s")
  Duration refresh();
}
