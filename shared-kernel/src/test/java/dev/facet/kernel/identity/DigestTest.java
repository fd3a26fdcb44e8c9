package dev.facet.kernel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  /** FIPS 180-4, example of "abc". */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void namesBytesByTheirSha256() {
    assertThat(Digest.of("abc".getBytes(StandardCharsets.US_ASCII)).hex()).isEqualTo(ABC);
  }

  @Test
  void bytesAreTheDigitsRead() {
    Digest digest = new Digest(ABC);
    assertThat(digest.bytes()).hasSize(32).startsWith(0xba, 0x78);
    assertThat(digest.abbreviated()).isEqualTo("ba7816bf8f01");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "abc",
        "../../etc/passwd",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
      })
  void refusesWhatIsNoDigest(String text) {
    assertThatThrownBy(() -> new Digest(text))
        .isInstanceOf(InvalidIdentity.class)
        .hasMessageContaining("64");
  }
}
