package dev.facet.quantization.domain.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.RopeScaling;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of each family's config.json. */
class DecoderFamilyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static ArchitectureConfig describe(String family, String changes) throws IOException {
    Path file = Path.of("src/test/resources/conformance", family, "config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    JsonNode set = JSON.readTree(changes);
    set.fields().forEachRemaining(change -> config.set(change.getKey(), change.getValue()));
    JsonObject settings = object("config.json", config.toString());
    return Architecture.of(settings).describe(settings, name -> object(name, "{}")).config();
  }

  private static JsonObject object(String file, String json) {
    return JsonObject.parse(new JacksonJsonSource(), file, json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama   | attention_multiplier | 0.5",
        "llama   | layer_types | [\"sliding_attention\", \"full_attention\"]",
        "llama   | hidden_act | \"gelu\"",
        "mistral | attention_bias | true",
        "qwen2   | rope_parameters | {\"rope_type\":\"default\",\"mrope_section\":[8,4,4]}",
        "qwen2   | layer_types | [\"chunked_attention\", \"full_attention\"]",
        "qwen3   | num_experts | 8",
        "gemma3  | use_bidirectional_attention | true",
        "gemma3  | hidden_activation | \"silu\"",
        "gemma3  | final_logit_softcapping | -1",
        "phi3    | rope_scaling | {\"type\":\"yarn\"}",
        "phi3    | rope_parameters | {\"rope_type\":\"longrope\",\"short_factor\":[1],\"long_factor\":[1]}",
        "phi3    | rope_parameters | {\"rope_type\":\"dynamic\",\"factor\":2}"
      })
  void whatIsNotKnownOrNotSupportedIsRefusedByName(String family, String key, String value) {
    assertThatThrownBy(() -> describe(family, "{\"%s\": %s}".formatted(key, value)))
        .isInstanceOf(CheckpointProblem.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(key.equals("rope_scaling") ? "rope_" : key);
  }

  @Test
  void settingsThatAreOffOrDoNotChangeTheResultAreLeftAside() throws IOException {
    assertThat(
            describe(
                "llama",
                """
                {"attention_multiplier": null, "qk_layernorm": false, "torch_dtype": "float16",
                 "_name_or_path": "somewhere", "pretraining_tp": 2}"""))
        .isEqualTo(describe("llama", "{}"));
  }

  @Test
  void windowsOfMistralAreThereUnlessNullIsWritten() throws IOException {
    assertThat(describe("mistral", "{}").traits().windows()).containsExactly(16, 16);
    assertThat(describe("mistral", "{\"sliding_window\": null}").traits().windows()).isEmpty();
    assertThat(describe("mistral", "{\"sliding_window\": 512}").traits().windows()).isEmpty();
  }

  @Test
  void windowsOfQwenBeginWithALayer() throws IOException {
    String used = "\"use_sliding_window\": true, \"sliding_window\": 32";
    assertThat(
            describe(
                    "qwen2",
                    "{%s, \"layer_types\": null, \"max_window_layers\": 1}".formatted(used))
                .traits()
                .windows())
        .containsExactly(0, 32);
    assertThat(describe("qwen2", "{\"sliding_window\": 32}").traits().windows()).isEmpty();
  }

  @Test
  void gemmasOlderSettingsSayTheSame() throws IOException {
    // Given
    String older =
        """
        {"layer_types": null, "rope_parameters": null, "rope_theta": 1000000.0,
         "rope_local_base_freq": 10000.0, "sliding_window_pattern": 6}""";

    // When, Then
    assertThat(describe("gemma3", older)).isEqualTo(describe("gemma3", "{}"));
    assertThat(describe("gemma3", older.replace("\": 6}", "\": 2}")).traits().windows())
        .containsExactly(16, 0);
  }

  @Test
  void gemmasGlobalLayersMayBeStretched() throws IOException {
    ArchitectureConfig config =
        describe(
            "gemma3",
            """
            {"rope_parameters": null, "rope_theta": 1000000.0, "rope_local_base_freq": 10000.0,
             "rope_scaling": {"rope_type": "linear", "factor": 8.0}}""");

    assertThat(config.ropeScaling()).isEqualTo(RopeScaling.linear(8, 512));
    assertThat(config.traits().windowRopeTheta()).isEqualTo(10_000);
  }

  @Test
  void phisLongContextsAreReadInBothForms() throws IOException {
    // Given
    String factors = "\"short_factor\": [1, 1, 1, 1], \"long_factor\": [1, 2, 3, 4]";

    // When
    ArchitectureConfig older =
        describe(
            "phi3",
            """
            {"rope_parameters": null, "original_max_position_embeddings": 128,
             "partial_rotary_factor": 0.5, "rope_theta": 10000.0,
             "rope_scaling": {"type": "longrope", %s}}"""
                .formatted(factors));
    ArchitectureConfig newer =
        describe(
            "phi3",
            """
            {"original_max_position_embeddings": 128,
             "rope_parameters": {"rope_type": "longrope", "rope_theta": 10000.0,
                                 "partial_rotary_factor": 0.5, %s}}"""
                .formatted(factors));

    // Then
    assertThat(older).isEqualTo(newer);
    assertThat(newer.traits().rotaryDims()).isEqualTo(8);
    assertThat(newer.ropeScaling().originalContextLength()).isEqualTo(128);
    assertThat(newer.ropeScaling().amplitude())
        .isCloseTo(Math.sqrt(1 + Math.log(4) / Math.log(128)), within(1e-12));
  }

  /** Turning a part of a head as it is stored and reordering it is the same as the other way. */
  @Test
  void reorderedHeadsTurnAlike() {
    // Given
    IntUnaryOperator order = DecoderViews.turnedFirst(8, 4);
    List<Integer> turnedPairs = List.of(0, 2, 1, 3);

    // When
    List<Integer> stored = IntStream.range(8, 16).map(order).boxed().toList();

    // Then
    assertThat(stored).containsExactlyInAnyOrder(8, 9, 10, 11, 12, 13, 14, 15);
    assertThat(List.of(stored.get(0), stored.get(4), stored.get(1), stored.get(5)))
        .isEqualTo(turnedPairs.stream().map(element -> element + 8).toList());
  }
}
