package dev.facet.quantization.domain.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.adapter.tokenizer.HubTokenizer;
import dev.facet.quantization.domain.gguf.GgufBytes;
import dev.facet.quantization.domain.gguf.GgufFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufModelTest {
  private static final Path CONFORMANCE = Path.of("src/test/resources/conformance");
  private static final Path GOLDEN = Path.of("src/test/resources/gguf");
  private static final JacksonJsonSource JSON = new JacksonJsonSource();

  @TempDir Path folder;

  private Path twin(Checkpoint original, GgufTwin.Kind kind) throws Exception {
    Map<String, Object> tokenizer = JSON.object(original.tokenizer().json());
    return Files.write(
        folder.resolve("model.gguf"), GgufTwin.of(original, kind, tokenizer, "gpt-2"));
  }

  @ParameterizedTest
  @CsvSource({
    "llama, F32",
    "llama, BF16",
    "llama3-rope, F32",
    "llama3-rope, F16",
  })
  void anExactTwinHasTheSameShapeAndWeights(String name, GgufTwin.Kind kind) throws Exception {
    try (Checkpoint original = Checkpoint.open(CONFORMANCE.resolve(name), JSON);
        Checkpoint twin = Checkpoint.open(twin(original, kind), JSON)) {
      assertThat(twin.config()).isEqualTo(original.config());
      assertThat(twin.tensors()).isEqualTo(original.decoder());
      for (TensorSpec spec : original.decoder().all()) {
        assertThat(twin.read(spec)).as(spec.name()).isEqualTo(original.read(spec));
      }
    }
  }

  @Test
  void rowsOfAHeadAreReadFromItsMiddle() throws Exception {
    try (Checkpoint original = Checkpoint.open(CONFORMANCE.resolve("llama"), JSON);
        Checkpoint twin = Checkpoint.open(twin(original, GgufTwin.Kind.F32), JSON)) {
      TensorSpec query = original.decoder().layers().get(1).query();
      float[] expected = new float[11 * query.cols()];
      float[] found = new float[expected.length + 3];
      original.read(query, 13, 11, expected, 0);
      twin.read(query, 13, 11, found, 3);
      assertThat(java.util.Arrays.copyOfRange(found, 3, found.length)).isEqualTo(expected);
    }
  }

  @Test
  void eightBitsRoundWeightsWithinHalfAStep() throws Exception {
    try (Checkpoint original = Checkpoint.open(CONFORMANCE.resolve("llama"), JSON);
        Checkpoint twin = Checkpoint.open(twin(original, GgufTwin.Kind.Q8_0), JSON)) {
      TensorSpec key = original.decoder().layers().get(0).key();
      float[] expected = original.read(key);
      float[] found = twin.read(key);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(0.6f / 127));
      }
    }
  }

  @Test
  void aByteLevelTokenizerGivesTheSameIds() throws Exception {
    String text = Files.readString(Path.of("../../samples/text/docs-dev.txt")).substring(0, 60_000);
    try (Checkpoint original = Checkpoint.open(CONFORMANCE.resolve("llama"), JSON);
        Checkpoint twin = Checkpoint.open(twin(original, GgufTwin.Kind.F32), JSON);
        HubTokenizer expected = HubTokenizer.open(original.tokenizer());
        HubTokenizer found = HubTokenizer.open(twin.tokenizer())) {
      assertThat(found.encode(text)).isEqualTo(expected.encode(text));
      String special = "a<|endoftext|>b";
      assertThat(found.encode(special)).isEqualTo(expected.encode(special));
    }
  }

  @Test
  void aScoredVocabularyGivesTheIdsOfSentencePiece() throws Exception {
    JsonNode encodings =
        new ObjectMapper().readTree(GOLDEN.resolve("sentencepiece-encodings.json").toFile());
    try (GgufFile file = GgufFile.open(GOLDEN.resolve("sentencepiece-vocabulary.gguf"))) {
      byte[] json = JSON.text(GgufVocabulary.of(file.metadata()).tokenizer());
      try (HubTokenizer tokenizer = HubTokenizer.open(new TokenizerFile("vocabulary", json))) {
        for (JsonNode encoding : encodings) {
          int[] ids = new ObjectMapper().convertValue(encoding.path("ids"), int[].class);
          assertThat(tokenizer.encode(encoding.path("text").asText()))
              .as(encoding.path("text").asText())
              .isEqualTo(ids);
        }
      }
    }
  }

  @Test
  void aFolderWithOneFileIsThatModel() throws Exception {
    try (Checkpoint original = Checkpoint.open(CONFORMANCE.resolve("llama"), JSON)) {
      Path file = twin(original, GgufTwin.Kind.BF16);
      try (Checkpoint twin = Checkpoint.open(folder, JSON)) {
        assertThat(twin.contentFiles()).containsExactly(file.toRealPath());
        assertThat(twin.parameters()).isEqualTo(original.parameters());
      }
      Files.copy(file, folder.resolve("second.gguf"));
      assertThatThrownBy(() -> Checkpoint.open(folder, JSON))
          .isInstanceOf(CheckpointProblem.AmbiguousFile.class)
          .hasMessageContaining("second.gguf");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "general.architecture, gemma3, llama",
    "tokenizer.ggml.pre, klingon, klingon",
    "tokenizer.ggml.model, bert, gpt2 and llama",
    "llama.rope.scaling.type, yarn, yarn",
  })
  void anotherKindOfModelIsAProblemThatNamesTheKey(String key, String value, String said)
      throws Exception {
    Path file = Files.write(folder.resolve("model.gguf"), tiny(key, value).bytes());
    assertThatThrownBy(
            () -> {
              try (Checkpoint checkpoint = Checkpoint.open(file, JSON)) {
                checkpoint.tokenizer();
              }
            })
        .isInstanceOf(DomainProblem.class)
        .hasMessageContaining(key)
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource({
    "llama.block_count, 1073741824",
    "llama.attention.head_count, 3",
    "llama.attention.head_count_kv, 3",
    "llama.embedding_length, 1073741824",
    "llama.attention.key_length, 7",
    "llama.vocab_size, 5",
    "tokenizer.ggml.bos_token_id, 4",
    "llama.expert_count, 8",
  })
  void aCountThatDoesNotFitIsAProblem(String key, int value) throws Exception {
    Path file = Files.write(folder.resolve("model.gguf"), tiny(key, value).bytes());
    assertThatThrownBy(() -> Checkpoint.open(file, JSON)).isInstanceOf(DomainProblem.class);
  }

  @Test
  void theTinyModelItselfIsSound() throws Exception {
    Path file = Files.write(folder.resolve("model.gguf"), tiny("general.name", "tiny").bytes());
    try (Checkpoint checkpoint = Checkpoint.open(file, JSON)) {
      assertThat(checkpoint.config().vocabSize()).isEqualTo(4);
      assertThat(JSON.object(checkpoint.tokenizer().json())).containsKey("model");
    }
  }

  /** A sound model of four tokens, with one key put in its place. */
  private static GgufBytes tiny(String key, Object value) {
    GgufBytes out = new GgufBytes();
    if (value instanceof String text) {
      out.text(key, text);
    } else {
      out.count(key, (Integer) value);
    }
    Map.of(
            "llama.block_count", 1,
            "llama.context_length", 16,
            "llama.embedding_length", 4,
            "llama.feed_forward_length", 6,
            "llama.attention.head_count", 2,
            "tokenizer.ggml.bos_token_id", 0)
        .forEach((name, count) -> putUnless(out, key, name, count));
    Map.of(
            "general.architecture", "llama",
            "tokenizer.ggml.model", "gpt2",
            "tokenizer.ggml.pre", "gpt-2")
        .forEach((name, text) -> putUnless(out, key, name, text));
    out.number("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    out.texts("tokenizer.ggml.tokens", List.of("a", "b", "ab", "c"));
    out.texts("tokenizer.ggml.merges", List.of("a b"));
    out.tensor("token_embd.weight", 0, new byte[64], 4, 4);
    out.tensor("output_norm.weight", 0, new byte[16], 4);
    for (String norm : List.of("attn_norm", "ffn_norm")) {
      out.tensor("blk.0." + norm + ".weight", 0, new byte[16], 4);
    }
    for (String square : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
      out.tensor("blk.0." + square + ".weight", 0, new byte[64], 4, 4);
    }
    out.tensor("blk.0.ffn_gate.weight", 0, new byte[96], 4, 6);
    out.tensor("blk.0.ffn_up.weight", 0, new byte[96], 4, 6);
    out.tensor("blk.0.ffn_down.weight", 0, new byte[96], 6, 4);
    return out;
  }

  private static void putUnless(GgufBytes out, String given, String name, Object value) {
    if (name.equals(given)) {
      return;
    }
    if (value instanceof String text) {
      out.text(name, text);
    } else {
      out.count(name, (Integer) value);
    }
  }
}
