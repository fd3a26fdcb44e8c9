package dev.facet.local.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.local.mesh.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {

  @TempDir private Path temporary;
  private ModelFolder folder;
  private Path source;

  @BeforeEach
  void makeCheckpoint() throws IOException {
    folder = new ModelFolder(temporary.resolve("models"));
    source = Files.createDirectories(temporary.resolve("My Model"));
    Files.writeString(source.resolve("config.json"), "{}");
    Files.writeString(source.resolve("model.safetensors"), "weights");
    Files.writeString(source.resolve("pytorch_model.bin"), "not wanted");
    Files.writeString(
        Files.createDirectories(source.resolve("1_Pooling")).resolve("config.json"), "{}");
  }

  @Test
  void bringsWhatACheckpointNeedsAndNothingElse() throws IOException {
    // Given
    List<Long> totals = new ArrayList<>();

    // When
    var staged = folder.stage(source, "my-model", (done, total) -> totals.add(total - done));

    // Then
    Path copy = folder.directory().resolve("my-model");
    assertThat(staged).isEqualTo(new ModelFolder.Staged("my-model", true));
    assertThat(copy.resolve("model.safetensors")).hasContent("weights");
    assertThat(copy.resolve("1_Pooling/config.json")).exists();
    assertThat(copy.resolve("pytorch_model.bin")).doesNotExist();
    assertThat(totals).last().isEqualTo(0L);
    assertThat(folder.directory().resolve(".incoming-my-model")).doesNotExist();
  }

  @Test
  void aGgufFileIsAModelOfItsOwn() throws IOException {
    // Given
    Path file = Files.writeString(temporary.resolve("Tiny.Q4_K_M.gguf"), "GGUF");
    Files.writeString(temporary.resolve("Other.gguf"), "GGUF");

    // When
    folder.stage(file, ModelFolder.idOf("Tiny.Q4_K_M.gguf"), (done, total) -> {});

    // Then
    try (var files = Files.list(folder.directory().resolve("tiny.q4_k_m"))) {
      assertThat(files)
          .singleElement()
          .satisfies(copy -> assertThat(copy).hasFileName("Tiny.Q4_K_M.gguf"));
    }
  }

  @Test
  void followsTheLinksOfAHubCache() throws IOException {
    // Given
    Path blob = Files.writeString(temporary.resolve("blob"), "blob");
    Files.delete(source.resolve("model.safetensors"));
    Files.createSymbolicLink(source.resolve("model.safetensors"), blob);

    // When
    folder.stage(source, "linked", (done, total) -> {});

    // Then
    Path copy = folder.directory().resolve("linked/model.safetensors");
    assertThat(copy).hasContent("blob").isRegularFile();
    assertThat(Files.isSymbolicLink(copy)).isFalse();
  }

  @Test
  void leavesAModelThatIsThereAlreadyWhereItIs() throws IOException {
    // Given
    folder.stage(source, "here", (done, total) -> {});

    // When
    var again = folder.stage(folder.directory().resolve("here"), "other", (done, total) -> {});

    // Then
    assertThat(again).isEqualTo(new ModelFolder.Staged("here", false));
    assertThat(folder.directory().resolve("other")).doesNotExist();
  }

  @Test
  void refusesAFolderThatIsNoCheckpoint() throws IOException {
    // Given
    Files.delete(source.resolve("config.json"));

    // Then
    assertThatThrownBy(() -> folder.stage(source, "x", (done, total) -> {}))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void makesIdsOfFolderNames() {
    assertThat(ModelFolder.idOf("My Model (v2)")).isEqualTo("my-model-v2-");
    assertThat(ModelFolder.idOf("-Llama_3.2")).isEqualTo("llama_3.2");
    assertThat(ModelFolder.idOf("x".repeat(100))).hasSize(64);
    assertThatThrownBy(() -> ModelFolder.idOf("模型")).isInstanceOf(MeshException.class);
  }
}
