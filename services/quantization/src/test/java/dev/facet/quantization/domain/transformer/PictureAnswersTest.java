package dev.facet.quantization.domain.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.VisionLanguageTensors;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MemoryLadder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sample that answers about pictures, against what transformers computed in float32. */
class PictureAnswersTest {
  private static final Path FOLDER = Path.of("../../samples/scenes-vlm");
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);

  private Checkpoint checkpoint;
  private JsonNode cases;

  @BeforeEach
  void open() throws IOException {
    checkpoint = Checkpoint.open(FOLDER, new JacksonJsonSource());
    cases = new ObjectMapper().readTree(FOLDER.resolve("reference.json").toFile()).get("cases");
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @Test
  void featuresAndLogitsAreThoseOfTransformers() throws IOException {
    for (JsonNode expected : cases) {
      // When
      float[] features = features(checkpoint, expected);
      float[] logits = logits(checkpoint, ints(expected.get("ids")), features);

      // Then
      JsonNode row = expected.get("image_feature_first_row");
      for (int i = 0; i < row.size(); i++) {
        assertThat((double) features[i]).isCloseTo(row.get(i).asDouble(), within(2e-2));
      }
      JsonNode last = expected.get("last_logits");
      for (int i = 0; i < last.size(); i++) {
        assertThat((double) logits[i]).isCloseTo(last.get(i).asDouble(), within(5e-2));
      }
    }
  }

  @Test
  void allAnswersAreRightAtFourBitsAndAllButOneAtThree() throws IOException {
    MemoryLadder ladder = MemoryLadder.of(checkpoint, LadderSpec.FULL, TWO);

    assertThat(right(ladder.cut(4))).isEqualTo(12);
    assertThat(right(ladder.cut(3))).isGreaterThanOrEqualTo(11);
  }

  private int right(WeightSource weights) throws IOException {
    int right = 0;
    for (JsonNode expected : cases) {
      int[] answer = ints(expected.get("greedy"));
      int[] tokens = ints(expected.get("ids"));
      float[] features = features(weights, expected);
      int[] written = new int[answer.length];
      for (int i = 0; i < answer.length; i++) {
        float[] logits = logits(weights, tokens, features);
        written[i] =
            IntStream.range(0, logits.length)
                .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                .orElseThrow();
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = written[i];
      }
      right += Arrays.equals(written, answer) ? 1 : 0;
    }
    return right;
  }

  private float[] features(WeightSource weights, JsonNode expected) throws IOException {
    BufferedImage image = ImageIO.read(FOLDER.resolve(expected.get("image").asText()).toFile());
    int size = checkpoint.config().vision().imageSize();
    float[] rgb = new float[size * size * 3];
    for (int i = 0; i < size * size; i++) {
      int pixel = image.getRGB(i % size, i / size);
      for (int c = 0; c < 3; c++) {
        rgb[i * 3 + c] = (pixel >> 16 - 8 * c & 0xff) / 255f;
      }
    }
    return new PictureEncoder(
            checkpoint.config().vision(),
            (VisionLanguageTensors) checkpoint.tensors(),
            weights,
            Kernels.matrix(),
            TWO)
        .encode(rgb);
  }

  private float[] logits(WeightSource weights, int[] tokens, float[] features) {
    Decoder decoder =
        new Decoder(checkpoint.config(), checkpoint.decoder(), weights, Kernels.matrix(), TWO);
    float[] stream = decoder.embed(tokens);
    int width = stream.length / tokens.length;
    int patch = 0;
    for (int t = 0; t < tokens.length; t++) {
      if (tokens[t] == checkpoint.config().vision().imageTokenId()) {
        System.arraycopy(features, patch++ * width, stream, t * width, width);
      }
    }
    decoder.layers(stream, 0, checkpoint.config().layers());
    float[] logits = new float[decoder.vocabSize()];
    decoder.logits(decoder.norm(stream), tokens.length - 1, 1, logits);
    return logits;
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }
}
