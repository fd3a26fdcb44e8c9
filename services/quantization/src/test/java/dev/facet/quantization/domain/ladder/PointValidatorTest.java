package dev.facet.quantization.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.adapter.tokenizer.HubTokenizer;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.front.UniformCuts;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Measures the points of a real model on a little held-out text. */
class PointValidatorTest {
  private static final Path MODEL = Path.of("../../samples/docs-29m");
  private static final Path TEXT = Path.of("../../samples/text/docs-dev.txt");

  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final Workers workers = new Workers(pool, 2);
  private Checkpoint checkpoint;
  private TextWindows text;

  @BeforeEach
  void open() throws IOException {
    checkpoint = Checkpoint.open(MODEL, new JacksonJsonSource());
    try (HubTokenizer tokenizer = HubTokenizer.open(checkpoint.tokenizer())) {
      int[] tokens = tokenizer.stream(Files.readString(TEXT).substring(0, 8_000), 0);
      text = TextWindows.cut(tokens, 256, 2, Scoring.ALL);
    }
  }

  @AfterEach
  void close() {
    checkpoint.close();
    pool.shutdown();
  }

  @Test
  void everyPointIsAsGoodAsItsBitsPromise() {
    // Given
    Map<String, LadderReader> readers = new HashMap<>();
    List<Point> points = new ArrayList<>();
    LadderSpec.ROUNDED.forEach(ladder -> points.addAll(encode(ladder, readers)));

    // When
    List<Evaluation> found =
        new PointValidator(checkpoint, workers).validate(points, readers, text, done -> {});

    // Then
    assertThat(points)
        .extracting(Point::id)
        .containsExactly("full-2", "full-3", "full-4", "reference-8");
    assertThat(found).extracting(Evaluation::meanKl).satisfies(this::fallWithBits);
    assertThat(found.get(3).meanKl()).isLessThan(0.002);
    assertThat(found.get(3).top1Agreement()).isGreaterThan(0.975);
    assertThat(found.get(2).meanKl()).isLessThan(0.05);
    assertThat(found.get(2).top1Agreement()).isGreaterThan(0.91);
  }

  private void fallWithBits(List<? extends Double> divergences) {
    for (int i = 1; i < divergences.size(); i++) {
      assertThat(divergences.get(i)).isLessThan(divergences.get(i - 1) / 2);
    }
  }

  @Test
  void theModelDoesNotDivergeFromItself() {
    // Given
    Decoder decoder =
        new Decoder(
            checkpoint.config(), checkpoint.decoder(), checkpoint, Kernels.matrix(), workers);

    // When
    Evaluation found =
        new Evaluator(decoder, workers).evaluate(List.of(() -> decoder), text, done -> {}).get(0);

    // Then
    assertThat(found.tokens()).isEqualTo(2 * 255);
    assertThat(found.meanKl()).isCloseTo(0, within(1e-12));
    assertThat(found.top1Agreement()).isEqualTo(1);
    assertThat(found.perplexity()).isEqualTo(found.baselinePerplexity()).isBetween(3.0, 20.0);
  }

  private List<Point> encode(LadderSpec ladder, Map<String, LadderReader> readers) {
    EmbeddedEncoder rounding = new EmbeddedEncoder(Kernels.quantization(), workers);
    LadderEncoder encoder = new LadderEncoder(checkpoint, MatrixEncoder.rounding(rounding));
    List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
    Map<String, byte[]> shards = new HashMap<>();
    List<EncodedGroup> encoded =
        groups.stream()
            .map(
                group ->
                    encoder.encode(
                        ladder, group, (shard, bytes) -> shards.put(shard.sha256(), bytes)))
            .toList();
    readers.put(ladder.name(), new LadderReader(encoded, shards::get));
    LadderPoints sizes = new LadderPoints(ladder, groups, encoded);
    return new UniformCuts(ladder, groups)
        .all().stream().map(cut -> sizes.point(cut.id(), cut.bits())).toList();
  }
}
