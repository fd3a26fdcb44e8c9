package dev.facet.telemetry.adapter.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.facet.telemetry.application.SessionLimits;
import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.domain.session.Session;
import dev.facet.telemetry.domain.session.SessionTooBusy;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A token bucket for each session, forgotten when it would be full again. */
@ApplicationScoped
class BucketSessionLimits implements SessionLimits {
  private final int eventsPerSecond;
  private final int burst;
  private final Cache<String, Bucket> buckets;

  BucketSessionLimits(IngestConfig config) {
    this.eventsPerSecond = config.eventsPerSecond();
    this.burst = config.burst();
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(config.rememberedSessions())
            .expireAfterAccess(Duration.ofSeconds(1L + burst / eventsPerSecond))
            .build();
  }

  @Override
  public void admit(Session session, int events) {
    ConsumptionProbe probe =
        buckets.get(session.id(), id -> bucket()).tryConsumeAndReturnRemaining(events);
    if (!probe.isConsumed()) {
      throw new SessionTooBusy(1 + TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()));
    }
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(
            limit -> limit.capacity(burst).refillGreedy(eventsPerSecond, Duration.ofSeconds(1)))
        .build();
  }
}
