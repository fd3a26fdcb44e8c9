package dev.facet.quantization.domain.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.InvalidIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderSourceTest {
  @Test
  void namesAFolderAndAnIdAfterIt() {
    FolderSource source = FolderSource.parse("HuggingFace/SmolLM2-135M");

    assertThat(source.toString()).isEqualTo("HuggingFace/SmolLM2-135M");
    assertThat(source.defaultId().value()).isEqualTo("smollm2-135m");
  }

  @Test
  void asksForAnIdWhereTheFolderNameIsNone() {
    FolderSource source = FolderSource.parse("my model");

    assertThatThrownBy(source::defaultId).isInstanceOf(InvalidIdentity.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc",
        "..",
        "../x",
        "x/../y",
        "x/..",
        "./x",
        "x//y",
        "x/",
        "C:\\models",
        "a\\b",
        "a\0b",
        " "
      })
  void refusesToLeaveTheDirectory(String source) {
    assertThatThrownBy(() -> FolderSource.parse(source))
        .isInstanceOfSatisfying(
            SourceOutsideModels.class,
            problem -> assertThat(problem.members()).containsEntry("field", "source"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://example.org/m", "http://example.org", "hf:org/name@main", "file:///etc"})
  void saysThatOtherSourcesAreNotSupported(String source) {
    assertThatThrownBy(() -> FolderSource.parse(source))
        .isInstanceOf(SourceNotSupported.class)
        .hasMessageContaining(source);
  }
}
