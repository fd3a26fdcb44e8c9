package dev.facet.quantization.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefaultsTest {
  private static SmallRyeConfig config(Map<String, String> given) {
    return new SmallRyeConfigBuilder()
        .withConverter(Duration.class, 300, new DurationConverter())
        .withMapping(BlobsConfig.class)
        .withMapping(ModelsConfig.class)
        .withMapping(WorkConfig.class)
        .withMapping(ValidationConfig.class)
        .withMapping(CalibrationConfig.class)
        .withSources(new PropertiesConfigSource(given, "given", 100))
        .build();
  }

  @Test
  void startsWithNothingGiven() {
    SmallRyeConfig config = config(Map.of());

    assertThat(config.getConfigMapping(BlobsConfig.class).dir()).isEqualTo(Path.of("data/blobs"));
    assertThat(config.getConfigMapping(ModelsConfig.class).dir()).isEqualTo(Path.of("data/models"));
    assertThat(config.getConfigMapping(ValidationConfig.class).text()).isEmpty();
    assertThat(config.getConfigMapping(CalibrationConfig.class).enabled()).isTrue();
    assertThat(config.getConfigMapping(WorkConfig.class).threads()).isEmpty();
    assertThat(config.getConfigMapping(WorkConfig.class).lease()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void takesATextToMeasureOn() {
    SmallRyeConfig config = config(Map.of("facet.validation.text", "/t.txt"));

    assertThat(config.getConfigMapping(ValidationConfig.class).text()).contains(Path.of("/t.txt"));
  }
}
