package dev.facet.telemetry.adapter.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.facet.telemetry.application.SessionLimits;
import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.domain.session.AddressTooBusy;
import dev.facet.telemetry.domain.session.Session;
import dev.facet.telemetry.domain.session.SessionTooBusy;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket for each session and one for each address, forgotten when they would be full
 * again. Many pages may share an address, so its share is that of many sessions; it bounds what one
 * machine can do by registering again and again. Addresses are kept nowhere else.
 */
@ApplicationScoped
class BucketSessionLimits implements SessionLimits {
  private final Buckets sessions;
  private final Buckets addresses;

  BucketSessionLimits(IngestConfig config) {
    int remembered = config.rememberedSessions();
    this.sessions = new Buckets(config.eventsPerSecond(), config.burst(), remembered);
    this.addresses =
        new Buckets(config.addressEventsPerSecond(), config.addressBurst(), remembered);
  }

  @Override
  public void admit(Session session, String address, int events) {
    long wait = addresses.take(address, events);
    if (wait > 0) {
      throw new AddressTooBusy(wait);
    }
    wait = sessions.take(session.id(), events);
    if (wait > 0) {
      throw new SessionTooBusy(wait);
    }
  }

  /** Buckets of one size by their owners. */
  private static final class Buckets {
    private final Cache<String, Bucket> buckets;
    private final int eventsPerSecond;
    private final int burst;

    Buckets(int eventsPerSecond, int burst, int remembered) {
      this.eventsPerSecond = eventsPerSecond;
      this.burst = burst;
      this.buckets =
          Caffeine.newBuilder()
              .maximumSize(remembered)
              .expireAfterAccess(Duration.ofSeconds(1L + burst / eventsPerSecond))
              .build();
    }

    /** Seconds until the events would be taken; 0 where they have been. */
    long take(String owner, int events) {
      ConsumptionProbe probe =
          buckets.get(owner, absent -> bucket()).tryConsumeAndReturnRemaining(events);
      return probe.isConsumed()
          ? 0
          : 1 + TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill());
    }

    private Bucket bucket() {
      return Bucket.builder()
          .addLimit(
              limit -> limit.capacity(burst).refillGreedy(eventsPerSecond, Duration.ofSeconds(1)))
          .build();
    }
  }
}
