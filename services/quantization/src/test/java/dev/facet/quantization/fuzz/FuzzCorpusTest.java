package dev.facet.quantization.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.facet.quantization.adapter.tokenizer.TokenizerFuzz;
import dev.facet.quantization.domain.checkpoint.GgufFuzz;
import dev.facet.quantization.domain.checkpoint.SafetensorsFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of the corpora, which hold the known lies and all that fuzzing has found. */
class FuzzCorpusTest {
  private static final Path CORPORA = Path.of("src/test/resources/fuzz");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static List<Path> corpus(String name) throws IOException {
    try (Stream<Path> files = Files.list(CORPORA.resolve(name))) {
      return files.sorted().toList();
    }
  }

  static List<Path> safetensors() throws IOException {
    return corpus("safetensors");
  }

  static List<Path> gguf() throws IOException {
    return corpus("gguf");
  }

  static List<Path> tokenizer() throws IOException {
    return corpus("tokenizer");
  }

  @ParameterizedTest
  @MethodSource("safetensors")
  void safetensorsAreReadOrRefused(Path file) {
    assertTimeoutPreemptively(
        LIMIT, () -> SafetensorsFuzz.fuzzerTestOneInput(Files.readAllBytes(file)));
  }

  @ParameterizedTest
  @MethodSource("gguf")
  void ggufFilesAreReadOrRefused(Path file) {
    assertTimeoutPreemptively(LIMIT, () -> GgufFuzz.fuzzerTestOneInput(Files.readAllBytes(file)));
  }

  @ParameterizedTest
  @MethodSource("tokenizer")
  void tokenizersAreReadOrRefused(Path file) {
    assertTimeoutPreemptively(
        LIMIT, () -> TokenizerFuzz.fuzzerTestOneInput(Files.readAllBytes(file)));
  }

  @Test
  void theCorporaHoldTheKnownLies() throws IOException {
    assertThat(safetensors()).hasSizeGreaterThanOrEqualTo(20);
    assertThat(gguf()).hasSizeGreaterThanOrEqualTo(20);
    assertThat(tokenizer()).hasSizeGreaterThanOrEqualTo(20);
  }
}
