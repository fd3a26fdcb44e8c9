package dev.facet.quantization.domain.checkpoint;

import static dev.facet.quantization.domain.checkpoint.CheckpointFolder.data;
import static dev.facet.quantization.domain.checkpoint.CheckpointFolder.header;
import static dev.facet.quantization.domain.checkpoint.CheckpointFolder.shapes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final String SINGLE = "model.safetensors";
  private static final String QUERY = "model.layers.0.self_attn.q_proj.weight";

  @TempDir Path temp;
  private CheckpointFolder folder;

  @BeforeEach
  void create() {
    folder = new CheckpointFolder(temp);
  }

  @Test
  void rowsOfATensorAreRead() {
    // Given
    folder.safetensors(SINGLE, shapes());

    // When
    try (Checkpoint checkpoint = folder.open()) {
      float[] rows = new float[9];
      checkpoint.read(checkpoint.decoder().embedding(), 3, 2, rows, 1);

      // Then
      assertThat(rows)
          .containsExactly(
              0, 12 / 64f, 13 / 64f, 14 / 64f, 15 / 64f, 16 / 64f, 17 / 64f, 18 / 64f, 19 / 64f);
      assertThat(checkpoint.parameters()).isEqualTo(32 + 4 + 64 + 4 + 72 + 4);
    }
  }

  @Test
  void shardsAreFoundThroughTheIndex() {
    // Given
    Map<String, int[]> rest = new LinkedHashMap<>(shapes());
    int[] embedding = rest.remove("model.embed_tokens.weight");
    folder.safetensors("a.safetensors", Map.of("model.embed_tokens.weight", embedding));
    folder.safetensors("b.safetensors", rest);
    Map<String, String> index = new LinkedHashMap<>();
    shapes().keySet().forEach(name -> index.put(name, "b.safetensors"));
    index.put("model.embed_tokens.weight", "a.safetensors");
    folder.index(index);

    // When
    try (Checkpoint checkpoint = folder.open()) {
      // Then
      assertThat(checkpoint.read(checkpoint.decoder().embedding())).hasSize(32).startsWith(0);
      assertThat(checkpoint.read(checkpoint.decoder().norm())).hasSize(4);
    }
  }

  @Test
  void everyCutOfTheFileIsRefused() {
    // Given
    byte[] whole = CheckpointFolder.safetensors(header(shapes()).toString(), data(shapes()));
    for (int length = 0; length < whole.length; length += 7) {
      folder.write(SINGLE, Arrays.copyOf(whole, length));

      // When, Then
      assertThatThrownBy(folder::open).isInstanceOf(CheckpointProblem.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 25_000_001, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE, 5000})
  void headerLengthsThatCannotBeAreRefused(long length) {
    // Given
    byte[] bytes = CheckpointFolder.safetensors(header(shapes()).toString(), data(shapes()));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    folder.write(SINGLE, bytes);

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(SafetensorsProblem.BadHeaderLength.class)
        .hasMessageContaining(SINGLE);
  }

  @Test
  void duplicateKeysAreRefused() {
    // Given
    String text = header(shapes()).toString();
    String twice = text.substring(0, text.length() - 1) + ",\"model.norm.weight\":{}}";
    folder.write(SINGLE, CheckpointFolder.safetensors(twice, data(shapes())));

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(CheckpointProblem.MalformedJson.class)
        .hasMessageContaining("Duplicate field 'model.norm.weight'");
  }

  @ParameterizedTest
  @CsvSource({
    "'0,60', BadShape",
    "'128,64', BadOffsets",
    "'-4,60', BadOffsets",
    "'100,164', OverlappingTensors",
    "'148,212', UnclaimedBytes",
    "'1e3,1064', BadOffsets",
    "'660,724', TruncatedFile",
    "'9223372036854775743,9223372036854775807', TruncatedFile"
  })
  void offsetsThatLieAreRefused(String offsets, String problem) {
    // Given
    breakHeader(
        header -> {
          ArrayNode node = ((ObjectNode) header.get(QUERY)).putArray("data_offsets");
          for (String offset : offsets.split(",")) {
            if (offset.contains("e")) {
              node.add(Double.parseDouble(offset));
            } else {
              node.add(Long.parseLong(offset));
            }
          }
        });

    // When, Then
    assertThatThrownBy(folder::open)
        .satisfies(thrown -> assertThat(thrown.getClass().getSimpleName()).isEqualTo(problem))
        .hasMessageContaining(SINGLE);
  }

  @Test
  void bytesOfNoTensorAreRefused() {
    // Given
    byte[] longer = Arrays.copyOf(data(shapes()), data(shapes()).length + 4);
    folder.write(SINGLE, CheckpointFolder.safetensors(header(shapes()).toString(), longer));

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(SafetensorsProblem.UnclaimedBytes.class)
        .hasMessageContaining("data offsets 720 to 724");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4,5", "4294967296,4294967296,4294967296", "-4,-4"})
  void shapesThatDoNotFillTheirBytesAreRefused(String shape) {
    // Given
    breakHeader(
        header -> {
          ArrayNode node = ((ObjectNode) header.get(QUERY)).putArray("shape");
          for (String extent : shape.split(",")) {
            node.add(Long.parseLong(extent));
          }
        });

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(SafetensorsProblem.BadShape.class)
        .hasMessageContaining(QUERY);
  }

  @Test
  void shapesThatDoNotFitTheConfigurationAreRefused() {
    // Given
    breakHeader(header -> ((ObjectNode) header.get(QUERY)).putArray("shape").add(2).add(8));

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(CheckpointProblem.UnexpectedShape.class)
        .hasMessageContaining("[2, 8]")
        .hasMessageContaining("4 x 4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"F64", "Q4_0"})
  void elementTypesThatHoldNoWeightsAreRefused(String dtype) {
    // Given
    breakHeader(header -> ((ObjectNode) header.get(QUERY)).put("dtype", dtype));

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOfAny(
            CheckpointProblem.UnsupportedDtype.class, SafetensorsProblem.BadShape.class)
        .hasMessageContaining(dtype);
  }

  @Test
  void aMissingTensorIsNamed() {
    // Given
    Map<String, int[]> shapes = new LinkedHashMap<>(shapes());
    shapes.remove(QUERY);
    folder.safetensors(SINGLE, shapes);

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(CheckpointProblem.MissingTensor.class)
        .hasMessageContaining(QUERY);
  }

  @Test
  void weightsThatAreNotFiniteAreRefusedWhenRead() {
    // Given
    byte[] data = data(shapes());
    ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * 5, Float.NaN);
    folder.write(SINGLE, CheckpointFolder.safetensors(header(shapes()).toString(), data));

    // When
    try (Checkpoint checkpoint = folder.open()) {
      // Then
      assertThatThrownBy(() -> checkpoint.read(checkpoint.decoder().embedding()))
          .isInstanceOf(CheckpointProblem.NonFiniteWeight.class)
          .hasMessageContaining("weight 5 of tensor model.embed_tokens.weight");
    }
  }

  @Test
  void aTensorInTwoFilesIsRefused() {
    // Given
    folder.safetensors("a.safetensors", shapes());
    folder.safetensors("b.safetensors", shapes());
    Map<String, String> index = new LinkedHashMap<>();
    shapes().keySet().forEach(name -> index.put(name, "b.safetensors"));
    index.put("model.norm.weight", "a.safetensors");
    folder.index(index);

    // When, Then
    assertThatThrownBy(folder::open).isInstanceOf(SafetensorsProblem.DuplicateTensor.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../model.safetensors", "/etc/passwd", "a/b.safetensors", "..", ""})
  void pathsOutsideTheFolderAreRefused(String name) {
    // Given
    folder.index(Map.of("model.norm.weight", name));

    // When, Then
    assertThatThrownBy(folder::open).isInstanceOf(CheckpointProblem.class);
  }

  @Test
  void linksOutOfTheFolderAreRefused(@TempDir Path elsewhere) throws Exception {
    // Given
    new CheckpointFolder(elsewhere).safetensors(SINGLE, shapes());
    Files.createSymbolicLink(temp.resolve(SINGLE), elsewhere.resolve(SINGLE));

    // When, Then
    assertThatThrownBy(folder::open).isInstanceOf(CheckpointProblem.PathOutsideFolder.class);
  }

  @Test
  void picklesAreRefusedByName() {
    // Given
    folder.write("pytorch_model.bin", new byte[10]);

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(CheckpointProblem.PickledWeights.class)
        .hasMessageContaining("pytorch_model.bin");
  }

  @Test
  void anUnknownArchitectureIsToldWhatIsSupported() {
    // Given
    folder.config.putArray("architectures").add("MambaForCausalLM");

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(CheckpointProblem.UnsupportedArchitecture.class)
        .hasMessageContaining("MambaForCausalLM")
        .hasMessageContaining("LlamaForCausalLM");
  }

  @ParameterizedTest
  @CsvSource({
    "hidden_size, 0",
    "hidden_size, -4",
    "hidden_size, 99999999999999999999",
    "num_key_value_heads, 3",
    "head_dim, 3",
    "rms_norm_eps, 0",
    "bos_token_id, 8",
    "eos_token_id, -1",
    "hidden_act, '\"gelu\"'",
    "attention_dropped, true",
    "quantization_config, '{}'",
    "rope_scaling, '{\"type\":\"yarn\"}'",
    "rope_scaling, '{\"type\":\"llama3\"}'",
    "vocab_size, '\"8\"'"
  })
  void settingsOutOfRangeAreRefused(String key, String value) throws Exception {
    // Given
    folder.safetensors(SINGLE, shapes());
    folder.config.set(key, new ObjectMapper().readTree(value));

    // When, Then
    assertThatThrownBy(folder::open)
        .isInstanceOf(CheckpointProblem.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void olderRopeSettingsAreRead() throws Exception {
    // Given
    folder.safetensors(SINGLE, shapes());
    folder.config.put("rope_theta", 500000.0);
    folder.config.set(
        "rope_scaling",
        new ObjectMapper()
            .readTree(
                """
                {"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,
                 "high_freq_factor":4.0,"original_max_position_embeddings":64}"""));

    // When
    try (Checkpoint checkpoint = folder.open()) {
      // Then
      assertThat(checkpoint.config().ropeTheta()).isEqualTo(500000);
      assertThat(checkpoint.config().ropeScaling().factor()).isEqualTo(8);
      assertThat(checkpoint.config().ropeScaling().originalContextLength()).isEqualTo(64);
    }
  }

  private void breakHeader(Consumer<ObjectNode> change) {
    ObjectNode header = header(shapes());
    change.accept(header);
    folder.write(SINGLE, CheckpointFolder.safetensors(header.toString(), data(shapes())));
  }
}
