package dev.facet.kernel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleIdTest {
  private static final String TEXT = "docs-29m~4f2c9a1b77de~full-4~wasm~0a1b2c3d4e5f";

  @Test
  void readsWhatItWrites() {
    BundleId id = BundleId.parse(TEXT);
    assertThat(id.model()).isEqualTo(new ModelId("docs-29m"));
    assertThat(id.point()).isEqualTo("full-4");
    assertThat(id).hasToString(TEXT);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "docs-29m",
        "docs-29m~4f2c9a1b77de~full-4~cuda~0a1b2c3d4e5f",
        "../x~4f2c9a1b77de~full-4~wasm~0a1b2c3d4e5f",
        "docs-29m~4f2c9a1b77de~full-4~wasm~0a1b2c3d4e5f~more"
      })
  void refusesOtherForms(String text) {
    assertThatThrownBy(() -> BundleId.parse(text)).isInstanceOf(InvalidIdentity.class);
  }
}
