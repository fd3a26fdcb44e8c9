package dev.facet.kernel.storage;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where an S3 store is and who may use it; part of a service's own configuration. */
public interface S3Settings {
  /** Address of the store; without one it is that of AWS in the region. */
  Optional<URI> endpoint();

  /** Bucket of the blobs; it must exist. Without one, S3 is not used. */
  Optional<String> bucket();

  /** Region that requests are signed for; stores other than AWS take any. */
  Optional<String> region();

  /** Connections at a time; each client that is being sent a large blob holds one. */
  @WithDefault("256")
  int maxConnections();

  /**
   * Longest silence on a connection. A reader that is slow is silence too, so it is not shorter
   * than the time after which idle clients are dropped.
   */
  @WithDefault("2m")
  Duration silence();

  /** Name of the key; without a key, AWS' chain of providers is asked, such as the pod's role. */
  @WithDefault("${AWS_ACCESS_KEY_ID:}")
  Optional<String> accessKeyId();

  /** The key itself. */
  @WithDefault("${AWS_SECRET_ACCESS_KEY:}")
  Optional<String> secretAccessKey();

  /** Comes with keys that are lent for a while. */
  @WithDefault("${AWS_SESSION_TOKEN:}")
  Optional<String> sessionToken();
}
