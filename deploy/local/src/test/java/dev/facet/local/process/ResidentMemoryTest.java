package dev.facet.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResidentMemoryTest {

  @Test
  void readsKibibytesOfTheResidentSet() {
    assertThat(ResidentMemory.fromStatus("Name:\tjava\nVmPeak:\t 9 kB\nVmRSS:\t  2048 kB\n"))
        .hasValue(2L << 20);
  }

  @Test
  void knowsItsOwn() {
    assertThat(ResidentMemory.of(ProcessHandle.current().pid()).orElse(0)).isGreaterThan(10L << 20);
  }
}
