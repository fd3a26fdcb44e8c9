package dev.facet.quantization.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** How this replica takes part in the work on imports. */
@ConfigMapping(prefix = "facet.work")
public interface WorkConfig {
  /** Threads that encode and measure; as many as the machine has cores if not given. */
  OptionalInt threads();

  /** How long a claimed task is left alone after its worker was last heard of. */
  @WithDefault("30s")
  Duration lease();

  /** How often a worker renews the leases it holds; well below the lease. */
  @WithDefault("8s")
  String renewEvery();

  /** How often tasks whose worker has gone are looked for. */
  @WithDefault("5s")
  String sweepEvery();

  /** How often a worker with a free hand looks for tasks that others were told of. */
  @WithDefault("1s")
  String lookEvery();

  /** How long a task may stay unclaimed, while no worker is busy, before workers are told again. */
  @WithDefault("30s")
  Duration patience();

  /** How long a task rests after an attempt that an outside cause has failed. */
  @WithDefault("5s")
  Duration pause();

  /**
   * How long after its start a worker rehearses its kernels, so that the first import does not wait
   * for the JVM to compile them; not at all if absent.
   */
  Optional<Duration> rehearseAfter();

  /** Attempts at one task before its import is failed. */
  @WithDefault("5")
  int attempts();
}
