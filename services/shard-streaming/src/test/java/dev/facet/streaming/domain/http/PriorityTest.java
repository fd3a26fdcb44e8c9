package dev.facet.streaming.domain.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "none",
      value = {
        "none; 3; false",
        "''; 3; false",
        "u=0; 0; false",
        "u=7, i; 7; true",
        "i,u=1; 1; true",
        "u=2, i=?0; 2; false",
        "i=?1; 3; true",
        "'u=1;x=5'; 1; false",
        "u=8; 3; false",
        "u=-1; 3; false",
        "u=12; 3; false",
        "u=5, u=2; 2; false",
        "urgent, u = 1; 3; false"
      })
  void readsWhatAClientSaysAndNothingElse(String header, int urgency, boolean incremental) {
    assertThat(Priority.of(header)).isEqualTo(new Priority(urgency, incremental));
  }
}
