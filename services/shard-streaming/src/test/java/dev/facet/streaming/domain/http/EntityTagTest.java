package dev.facet.streaming.domain.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {
  private final EntityTag tag = EntityTag.of("abc");

  @ParameterizedTest
  @ValueSource(
      strings = {"\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"x\",W/\"abc\",\"y\"", "*", " * "})
  void ifNoneMatchFailsOnItsTag(String header) {
    assertThat(tag.noneMatchFails(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "\"abcd\"", "\"ab\"", "\"ABC\"", "\"x, abc\"", "'abc'", "\"abc"})
  void ifNoneMatchHoldsOnOthers(String header) {
    assertThat(tag.noneMatchFails(header)).isFalse();
  }

  @Test
  void ifRangeNeedsExactlyTheStrongTag() {
    assertThat(tag.allowsRange(null)).isTrue();
    assertThat(tag.allowsRange("\"abc\"")).isTrue();
    assertThat(tag.allowsRange("W/\"abc\"")).isFalse();
    assertThat(tag.allowsRange("\"abc\", \"x\"")).isFalse();
    assertThat(tag.allowsRange("Wed, 21 Oct 2026 07:28:00 GMT")).isFalse();
    assertThat(tag.allowsRange("*")).isFalse();
    assertThat(tag.allowsRange("")).isFalse();
  }
}
