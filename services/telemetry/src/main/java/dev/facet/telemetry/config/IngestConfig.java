package dev.facet.telemetry.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What {@code POST /v1/telemetry} takes, and how much of it. */
@ConfigMapping(prefix = "facet.ingest")
public interface IngestConfig {
  /** Largest batch in bytes, as sent and after decompression. */
  @WithDefault("49152")
  @Min(1024)
  int maxBytes();

  /** Most events in a batch. */
  @WithDefault("50")
  @Min(1)
  @Max(1000)
  int maxEvents();

  /** Events a session may send a second in the long run, on each replica. */
  @WithDefault("10")
  @Min(1)
  int eventsPerSecond();

  /** Events a session may send at once after a pause; at least one full batch. */
  @WithDefault("200")
  @Min(50)
  int burst();

  /**
   * Events that all sessions of an address may send together a second, on each replica. Behind a
   * proxy this needs {@code quarkus.http.proxy.trusted-proxies}, or all are of one address.
   */
  @WithDefault("500")
  @Min(1)
  int addressEventsPerSecond();

  /** Events that all sessions of an address may send together after a pause. */
  @WithDefault("10000")
  @Min(50)
  int addressBurst();

  /**
   * Sessions, and addresses, whose limits are remembered; beyond it the least recently used are
   * forgotten.
   */
  @WithDefault("100000")
  @Min(1)
  int rememberedSessions();

  /** How long a request waits for Kafka before it is told to come again. */
  @WithDefault("5s")
  Duration ackTimeout();

  /** Batches that may wait for Kafka at one time; further ones are told to come again. */
  @WithDefault("512")
  @Min(1)
  int maxWaiting();

  /** When a refused request may come again. */
  @WithDefault("5s")
  Duration retryAfter();
}
