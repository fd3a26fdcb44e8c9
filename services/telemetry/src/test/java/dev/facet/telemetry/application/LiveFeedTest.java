package dev.facet.telemetry.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.telemetry.TestConfigs;
import dev.facet.telemetry.application.LiveFeed.Happening;
import dev.facet.telemetry.config.LiveConfig;
import dev.facet.telemetry.domain.measurement.TelemetryUnavailable;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.BackPressureFailure;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
  private final LiveFeed feed =
      new LiveFeed(
          TestConfigs.of(
              LiveConfig.class, Map.of("facet.live.buffer", "4", "facet.live.max-viewers", "2")));

  @Test
  void everyViewerSeesWhatHappens() {
    AssertSubscriber<Happening> one = watch(10);
    AssertSubscriber<Happening> two = watch(10);

    feed.show(new Happening("load", 1));

    assertThat(one.getItems()).containsExactly(new Happening("load", 1));
    assertThat(two.getItems()).isEqualTo(one.getItems());
  }

  @Test
  void aSlowViewerIsDroppedAndHoldsUpNobody() {
    AssertSubscriber<Happening> slow = watch(0);
    AssertSubscriber<Happening> quick = watch(100);

    for (int i = 0; i < 20; i++) {
      feed.show(new Happening("generation", i));
    }

    slow.assertFailedWith(BackPressureFailure.class);
    assertThat(quick.getItems()).hasSize(20);
    assertThat(feed.viewers()).isEqualTo(1);
  }

  @Test
  void viewersAreBoundedAndLeaveTheirPlace() {
    watch(1);
    AssertSubscriber<Happening> second = watch(1);
    assertThatThrownBy(feed::watch).isInstanceOf(TelemetryUnavailable.class);

    second.cancel();

    assertThat(feed.viewers()).isEqualTo(1);
    watch(1).assertNotTerminated();
  }

  private AssertSubscriber<Happening> watch(long demand) {
    return feed.watch().subscribe().withSubscriber(AssertSubscriber.create(demand));
  }
}
