package dev.facet.quantization.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Checkpoints that come from other hosts or by upload. */
@ConfigMapping(prefix = "facet.sources")
public interface SourcesConfig {
  /** Folder that receives them; every replica sees the same one. */
  @WithDefault("data/sources")
  Path dir();

  /** Hosts to fetch from; {@code *.} before a name stands for all below it. */
  @WithDefault("huggingface.co,*.huggingface.co,*.hf.co")
  List<String> hosts();

  /** Whether hosts may have addresses in private ranges. */
  @WithDefault("false")
  boolean privateAddresses();

  /** Most bytes of one checkpoint. */
  @WithDefault("68719476736")
  long maxBytes();

  /** How long files are kept that no import needs any more. */
  @WithDefault("24h")
  Duration keep();

  /** How a connection that has gone silent is told from a slow one. */
  @WithDefault("30s")
  Duration silence();

  /** The Hugging Face Hub, or a server with its interface. */
  Hub hub();

  /** A Hub. */
  interface Hub {
    /** Where it is. */
    @WithDefault("https://huggingface.co")
    URI url();

    /** Access token for repositories that ask for one; sent to the Hub's own host only. */
    Optional<String> token();
  }
}
