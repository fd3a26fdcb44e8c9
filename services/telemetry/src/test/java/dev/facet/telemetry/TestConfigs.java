package dev.facet.telemetry;

import dev.facet.telemetry.config.AggregationConfig;
import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.config.LiveConfig;
import dev.facet.telemetry.config.TunerConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** Configuration as a service would have it with nothing but these settings. */
public final class TestConfigs {
  private TestConfigs() {}

  public static <T> T of(Class<T> mapping, Map<String, String> settings) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(IngestConfig.class)
            .withMapping(AggregationConfig.class)
            .withMapping(TunerConfig.class)
            .withMapping(LiveConfig.class)
            .withSources(new PropertiesConfigSource(settings, "test", 100))
            .build();
    return config.getConfigMapping(mapping);
  }
}
