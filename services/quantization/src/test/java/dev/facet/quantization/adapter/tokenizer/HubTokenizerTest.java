package dev.facet.quantization.adapter.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.quantization.domain.checkpoint.TokenizerFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HubTokenizerTest {
  private static final Path MODEL = Path.of("../../samples/docs-29m");

  private static TokenizerFile sample() throws Exception {
    return new TokenizerFile("tokenizer.json", Files.readAllBytes(MODEL.resolve("tokenizer.json")));
  }

  @Test
  void idsAreThoseOfTheReference() throws Exception {
    // Given
    JsonNode cases =
        new ObjectMapper().readTree(MODEL.resolve("reference.json").toFile()).get("cases");
    try (HubTokenizer tokenizer = HubTokenizer.open(sample())) {
      for (JsonNode expected : cases) {
        // When
        int[] ids = tokenizer.stream(expected.get("prompt").asText(), 0);

        // Then
        assertThat(ids)
            .containsExactly(new ObjectMapper().convertValue(expected.get("ids"), int[].class));
      }
    }
  }

  @Test
  void longTextsAreNotCut() throws Exception {
    // Given
    String text = Files.readString(Path.of("../../samples/text/docs-dev.txt"));
    try (HubTokenizer tokenizer = HubTokenizer.open(sample())) {
      // When
      int[] ids = tokenizer.encode(text);

      // Then
      assertThat(ids.length).isGreaterThan(100_000);
    }
  }

  @Test
  void otherFilesAreRefused() {
    // Given
    byte[] json = "{\"model\": 3}".getBytes(StandardCharsets.UTF_8);
    TokenizerFile file = new TokenizerFile("tokenizer.json", json);

    // When, Then
    assertThatThrownBy(() -> HubTokenizer.open(file))
        .isInstanceOf(MalformedTokenizer.class)
        .hasMessageContaining("tokenizer.json");
  }
}
