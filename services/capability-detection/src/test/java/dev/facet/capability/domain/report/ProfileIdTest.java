package dev.facet.capability.domain.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.capability.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileIdTest {
  @Test
  void equalReportsShareAnId() {
    assertThat(ProfileId.of(Samples.softwareDesktop()))
        .isEqualTo(ProfileId.of(Samples.softwareDesktop()));
    assertThat(ProfileId.of(Samples.softwareDesktop()).version()).isEqualTo(8);
    assertThat(ProfileId.of(Samples.softwareDesktop()).variant()).isEqualTo(2);
  }

  @Test
  void theIdIsTheSameEverywhereAndAlways() {
    assertThat(ProfileId.nameBased("facet")).hasToString("5c07ce13-958f-86fd-b7c9-c5436785723f");
  }

  @Test
  void anyDifferenceMakesAnotherProfile() {
    CapabilityReport report = Samples.softwareDesktop();
    List<CapabilityReport> others =
        List.of(
            Samples.gpuDesktop(),
            Samples.iphone(),
            Samples.report(Engine.Family.FIREFOX, false, report.webgpu(), 8.0),
            Samples.report(Engine.Family.CHROMIUM, true, report.webgpu(), 8.0),
            Samples.report(Engine.Family.CHROMIUM, false, null, 8.0),
            Samples.report(Engine.Family.CHROMIUM, false, report.webgpu(), 4.0),
            Samples.report(Engine.Family.CHROMIUM, false, report.webgpu(), null));

    assertThat(others).extracting(ProfileId::of).doesNotHaveDuplicates();
    assertThat(others).extracting(ProfileId::of).doesNotContain(ProfileId.of(report));
  }
}
