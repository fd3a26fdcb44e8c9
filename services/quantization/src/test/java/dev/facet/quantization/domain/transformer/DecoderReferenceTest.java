package dev.facet.quantization.domain.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.ScalarMatrixKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the forward pass against what transformers computed in float32 on the same weights. */
class DecoderReferenceTest {
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  @AfterAll
  static void stop() {
    POOL.shutdown();
  }

  /**
   * The second reference was computed with rotary frequencies rounded to bfloat16, as a model cast
   * as a whole has them: with the same rounding here it agrees to 7e-6, without it to 7e-3.
   */
  @ParameterizedTest
  @CsvSource({
    "../../samples/docs-29m, 2e-3",
    "src/test/resources/conformance/llama, 1e-2",
    "src/test/resources/conformance/llama3-rope, 2e-3",
    "src/test/resources/conformance/mistral, 1e-2",
    "src/test/resources/conformance/qwen2, 1e-2",
    "src/test/resources/conformance/qwen3, 1e-2",
    "src/test/resources/conformance/gemma3, 1e-2",
    "src/test/resources/conformance/phi3, 1e-2"
  })
  void agreesWithTheReference(String folder, double tolerance) throws IOException {
    // Given
    JsonNode reference = new ObjectMapper().readTree(Path.of(folder, "reference.json").toFile());
    try (Checkpoint checkpoint = Checkpoint.open(Path.of(folder), new JacksonJsonSource())) {
      Decoder decoder =
          new Decoder(
              checkpoint.config(),
              checkpoint.decoder(),
              checkpoint,
              Kernels.matrix(),
              new Workers(POOL, 2));
      for (JsonNode expected : reference.get("cases")) {
        int[] prompt = ints(expected.get("ids"));
        int[] greedy = ints(expected.get("greedy"));

        // When
        int[] all = Stream.of(prompt, greedy).flatMapToInt(Arrays::stream).toArray();
        float[] logits = logits(decoder, all);

        // Then
        requireLogits(decoder, logits, prompt, expected, tolerance);
        requireGreedy(decoder, logits, prompt.length, greedy);
      }
    }
  }

  @Test
  void scalarAndVectorProductsGiveTheSameLogits() {
    // Given
    Path folder = Path.of("src/test/resources/conformance/llama");
    int[] tokens = {0, 17, 211, 5, 99, 300, 7};
    try (Checkpoint checkpoint = Checkpoint.open(folder, new JacksonJsonSource())) {
      Decoder chosen =
          new Decoder(
              checkpoint.config(),
              checkpoint.decoder(),
              checkpoint,
              Kernels.matrix(),
              Workers.caller());
      Decoder scalar =
          new Decoder(
              checkpoint.config(),
              checkpoint.decoder(),
              checkpoint,
              new ScalarMatrixKernel(),
              Workers.caller());

      // When
      float[] expected = logits(scalar, tokens);
      float[] actual = logits(chosen, tokens);

      // Then
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
      }
    }
  }

  private static float[] logits(Decoder decoder, int[] tokens) {
    float[] logits = new float[tokens.length * decoder.vocabSize()];
    decoder.logits(decoder.hidden(tokens), 0, tokens.length, logits);
    return logits;
  }

  private static void requireLogits(
      Decoder decoder, float[] logits, int[] prompt, JsonNode expected, double tolerance) {
    int vocab = decoder.vocabSize();
    for (int i = 0; i < vocab; i++) {
      assertThat((double) logits[(prompt.length - 1) * vocab + i])
          .isCloseTo(expected.get("last_logits").get(i).asDouble(), within(tolerance));
    }
    if (expected.has("logsumexp")) {
      for (int t = 0; t < prompt.length; t++) {
        assertThat(logSumExp(logits, t * vocab, vocab))
            .isCloseTo(expected.get("logsumexp").get(t).asDouble(), within(tolerance));
      }
    }
  }

  /**
   * Each greedy token follows from those before it, so one pass over all of them shows every step.
   */
  private static void requireGreedy(Decoder decoder, float[] logits, int prompt, int[] greedy) {
    for (int step = 0; step < greedy.length; step++) {
      int best = 0;
      int from = (prompt + step - 1) * decoder.vocabSize();
      for (int i = 1; i < decoder.vocabSize(); i++) {
        best = logits[from + i] > logits[from + best] ? i : best;
      }
      assertThat(best).as("greedy token %d", step).isEqualTo(greedy[step]);
    }
  }

  private static double logSumExp(float[] values, int from, int count) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, values[i]);
    }
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.exp(values[i] - largest);
    }
    return largest + Math.log(sum);
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }
}
