package dev.facet.quantization.domain.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The 8-bit ladder of every decoder family, read back from its shards, against what transformers
 * computed in float32 on the weights as they were.
 */
class EightBitConformanceTest {
  private static final int GREEDY = 8;

  /** Logits of these models have a deviation of about 1, what 8 bits do to them one of .02. */
  private static final float UNDECIDED = .03f;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama3-rope", "mistral", "qwen2", "qwen3", "gemma3", "phi3"})
  void divergesLittleAndWritesTheSame(String family) throws IOException {
    // Given
    Path folder = Path.of("src/test/resources/conformance", family);
    JsonNode reference = new ObjectMapper().readTree(folder.resolve("reference.json").toFile());
    try (Checkpoint checkpoint = Checkpoint.open(folder, new JacksonJsonSource())) {
      Decoder full = decoder(checkpoint, checkpoint);
      Decoder decoder = decoder(checkpoint, eightBits(checkpoint));
      double divergence = 0;
      int same = 0;

      // When
      for (JsonNode expected : reference.get("cases")) {
        int[] prompt = ints(expected.get("ids"));
        divergence += divergence(doubles(expected.get("last_logits")), last(decoder, prompt));
        int[] greedy = IntStream.of(ints(expected.get("greedy"))).limit(GREEDY).toArray();
        int[] written = written(decoder, prompt);
        int first = Arrays.mismatch(written, greedy);
        boolean equal = first < 0 || undecided(full, prompt, greedy, first, written[first]);
        same += equal ? 1 : 0;
      }

      // Then
      assertThat(divergence / reference.get("cases").size()).isLessThanOrEqualTo(.01);
      assertThat(same).isGreaterThanOrEqualTo(2);
    }
  }

  private static Decoder decoder(Checkpoint checkpoint, WeightSource weights) {
    return new Decoder(
        checkpoint.config(), checkpoint.decoder(), weights, Kernels.matrix(), Workers.caller());
  }

  /** Whether the model as it was barely prefers the reference's token to the one written. */
  private static boolean undecided(
      Decoder full, int[] prompt, int[] greedy, int step, int written) {
    int[] before =
        IntStream.concat(IntStream.of(prompt), IntStream.of(greedy).limit(step)).toArray();
    float[] logits = last(full, before);
    return logits[greedy[step]] - logits[written] < UNDECIDED;
  }

  private static WeightSource eightBits(Checkpoint checkpoint) {
    EmbeddedEncoder rounding = new EmbeddedEncoder(Kernels.quantization(), Workers.caller());
    LadderEncoder encoder = new LadderEncoder(checkpoint, MatrixEncoder.rounding(rounding));
    Map<String, byte[]> shards = new HashMap<>();
    Map<String, Integer> depths = new HashMap<>();
    List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
    groups.forEach(group -> depths.put(group.id(), 8));
    List<EncodedGroup> encoded =
        groups.stream()
            .map(
                group ->
                    encoder.encode(
                        LadderSpec.REFERENCE,
                        group,
                        (shard, bytes) -> shards.put(shard.sha256(), bytes)))
            .toList();
    return new LadderReader(encoded, shards::get).cut(depths);
  }

  private static float[] last(Decoder decoder, int[] tokens) {
    float[] logits = new float[decoder.vocabSize()];
    decoder.logits(decoder.hidden(tokens), tokens.length - 1, 1, logits);
    return logits;
  }

  private static int[] written(Decoder decoder, int[] prompt) {
    int[] tokens = Arrays.copyOf(prompt, prompt.length + GREEDY);
    for (int end = prompt.length; end < tokens.length; end++) {
      float[] logits = last(decoder, Arrays.copyOf(tokens, end));
      tokens[end] =
          IntStream.range(0, logits.length)
              .reduce((a, b) -> logits[b] > logits[a] ? b : a)
              .orElse(0);
    }
    return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
  }

  private static double divergence(double[] expected, float[] actual) {
    double[] p = logShares(expected);
    double[] q = logShares(IntStream.range(0, actual.length).mapToDouble(i -> actual[i]).toArray());
    return IntStream.range(0, p.length).mapToDouble(i -> Math.exp(p[i]) * (p[i] - q[i])).sum();
  }

  private static double[] logShares(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(l -> Math.exp(l - largest)).sum();
    return Arrays.stream(logits).map(l -> l - largest - Math.log(sum)).toArray();
  }

  private static List<Integer> list(int[] values) {
    return IntStream.of(values).boxed().toList();
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }

  private static double[] doubles(JsonNode array) {
    return IntStream.range(0, array.size()).mapToDouble(i -> array.get(i).asDouble()).toArray();
  }
}
