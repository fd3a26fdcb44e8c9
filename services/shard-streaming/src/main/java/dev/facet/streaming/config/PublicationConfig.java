package dev.facet.streaming.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Published models in memory. */
@ConfigMapping(prefix = "facet.publications")
public interface PublicationConfig {
  /** How often the tables are asked whether another replica has changed them. */
  @WithDefault("2s")
  Duration refresh();
}
