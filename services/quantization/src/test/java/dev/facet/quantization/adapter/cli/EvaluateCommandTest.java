package dev.facet.quantization.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EvaluateCommandTest {
  private static final String MODELS = "src/test/resources/conformance";
  private static final Path DOCS = Path.of("../../samples/text/docs-dev.txt");
  private static final String TEXT = "target/evaluate-text.txt";

  @TempDir Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Tokenizing all of the text takes longer than what is measured on it. */
  @BeforeAll
  static void keepALittleText() throws IOException {
    Files.writeString(Path.of(TEXT), Files.readString(DOCS).substring(0, 20_000));
  }

  @Test
  void printsOneObjectWithTheAgreedMembers() throws Exception {
    // When
    int code = run("llama", "--text", TEXT, "--bits", "8", "--json");

    // Then
    assertThat(code).isZero();
    JsonNode line = new ObjectMapper().readTree(out.toString());
    List<String> names = new ArrayList<>();
    line.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactly(
            "model",
            "bitsPerWeight",
            "bodyBitsPerWeight",
            "bytes",
            "tokens",
            "perplexity",
            "baselinePerplexity",
            "meanKl",
            "p99Kl",
            "top1Agreement");
    assertThat(line.get("model").asText()).isEqualTo("llama");
    assertThat(line.get("tokens").asInt()).isEqualTo(2 * 63);
    assertThat(line.get("meanKl").asDouble()).isBetween(0.0, 0.002);
  }

  @Test
  void deeperCutsOfALadderAreCloser() throws Exception {
    // When
    run(
        "llama",
        "--text",
        TEXT,
        "--ladder",
        "full",
        "--bits",
        "2",
        "--calibration",
        "none",
        "--json");
    run(
        "llama",
        "--text",
        TEXT,
        "--ladder",
        "full",
        "--bits",
        "4",
        "--calibration",
        "none",
        "--json");
    run("llama", "--text", TEXT, "--ladder", "reference", "--json");

    // Then
    List<Double> divergences = new ArrayList<>();
    for (String line : out.toString().split("\n")) {
      divergences.add(new ObjectMapper().readTree(line).get("meanKl").asDouble());
    }
    assertThat(divergences.get(1)).isLessThan(divergences.get(0) / 2);
    assertThat(divergences.get(2)).isLessThan(divergences.get(1) / 2);
  }

  @Test
  void aMapGivesEachGroupItsBits() throws Exception {
    // Given
    Path map = Files.writeString(temp.resolve("map.json"), map("\"layers.1.down\": 3"));

    // When
    int code =
        run("llama", "--text", TEXT, "--map", map.toString(), "--calibration", "none", "--json");

    // Then
    assertThat(code).as(err.toString()).isZero();
    double body = new ObjectMapper().readTree(out.toString()).get("bodyBitsPerWeight").asDouble();
    assertThat(body).isBetween(4.25, 5.6);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"layers.7.qk\": 3}', every group needs 2 to 8 bits",
    "'{\"embedding\": 9}', 9 bits",
    "'[]', no JSON object"
  })
  void mapsThatDoNotFitTheModelAreRefused(String content, String message) throws Exception {
    // Given
    Path map = Files.writeString(temp.resolve("map.json"), content);

    // When
    int code = run("llama", "--text", TEXT, "--map", map.toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void aSizeIsSpentAndKept() throws Exception {
    // When
    int code =
        run("llama", "--text", TEXT, "--size", "80000", "--calibration", shortText(), "--json");

    // Then
    assertThat(code).as(err.toString()).isZero();
    JsonNode line = new ObjectMapper().readTree(out.toString());
    assertThat(line.get("bytes").asLong()).isBetween(76_000L, 80_000L);
  }

  @Test
  void theCompactLadderIsCutToASize() throws Exception {
    // When
    run("llama", "--text", TEXT, "--ladder", "compact", "--calibration", shortText(), "--json");
    int code =
        run(
            "llama",
            "--text",
            TEXT,
            "--ladder",
            "compact",
            "--size",
            "66000",
            "--calibration",
            shortText(),
            "--json");

    // Then
    assertThat(code).as(err.toString()).isZero();
    String[] lines = out.toString().split("\n");
    JsonNode whole = new ObjectMapper().readTree(lines[0]);
    JsonNode cut = new ObjectMapper().readTree(lines[1]);
    assertThat(whole.get("bodyBitsPerWeight").asDouble()).isBetween(2.4, 4.0);
    assertThat(cut.get("bytes").asLong()).isLessThanOrEqualTo(66_000);
    assertThat(cut.get("meanKl").asDouble()).isGreaterThan(whole.get("meanKl").asDouble());
  }

  @Test
  void whatWasComputedIsFoundAgain() throws Exception {
    // Given
    String cache = temp.resolve("cache").toString();
    String[] same = {
      "llama",
      "--text",
      TEXT,
      "--size",
      "80000",
      "--calibration",
      shortText(),
      "--json",
      "--cache",
      cache
    };
    run(same);
    List<Path> files;
    try (Stream<Path> kept = Files.list(Path.of(cache))) {
      files = kept.toList();
    }

    // When
    run(same);
    for (Path file : files) {
      Files.write(file, new byte[] {1, 2, 3});
    }
    run(same);

    // Then
    assertThat(files).hasSize(2);
    String[] lines = out.toString().split("\n");
    assertThat(lines[1]).isEqualTo(lines[0]);
    assertThat(lines[2]).isEqualTo(lines[0]);
  }

  @Test
  void aTextIsNotCalibratedOnWhatItIsMeasuredOn() throws Exception {
    // Given
    String text = shortText();

    // When
    int code =
        run("llama", "--text", text, "--bits", "3", "--calibration", text, "--windows", "99");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("no window of text that is not in --text");
  }

  @Test
  void aSizeThatNothingFitsIsRefusedWithTheLeastThatWould() throws Exception {
    // When
    int code = run("llama", "--text", TEXT, "--size", "1000", "--calibration", shortText());

    // Then
    assertThat(code).isOne();
    assertThat(err.toString()).contains("does not fit 1000 bytes; the least it takes is ");
  }

  @Test
  void calibrationBringsTheModelCloser() throws Exception {
    // When
    run("llama", "--text", TEXT, "--bits", "3", "--calibration", "none", "--json");
    run("llama", "--text", TEXT, "--bits", "3", "--calibration", shortText(), "--json");

    // Then
    String[] lines = out.toString().split("\n");
    double rounded = new ObjectMapper().readTree(lines[0]).get("meanKl").asDouble();
    double calibrated = new ObjectMapper().readTree(lines[1]).get("meanKl").asDouble();
    assertThat(calibrated).isLessThan(0.9 * rounded);
  }

  @ParameterizedTest
  @CsvSource({
    "--size 80000 --calibration none, --size or --body-bits needs a text to measure on",
    "--body-bits 3 --calibration none, --size or --body-bits needs a text to measure on",
    "--bits 4 --calibration missing.txt, missing.txt cannot be read",
    "--kv 1 --bits 4, --kv is two numbers of bits",
    "--ladder compact --calibration none, --ladder compact needs a text to measure on",
    "--ladder tall, '--ladder is full, compact or reference'",
    "--bits 9, --bits is 2 to 8",
    "--ladder full --bits 5, stores linear layers to 4 bits",
    "--score none, --score is all or second-half",
    "--context 4096, beyond the model's 512",
    "--text missing.txt, missing.txt cannot be read"
  })
  void whatCannotBeDoneIsSaid(String options, String message) {
    // When
    int code = run(("llama --text " + TEXT + " " + options).split(" "));

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void anUnknownModelIsToldWhatIsKnown() {
    // When
    int code = run("nowhere", "--text", TEXT);

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("named nowhere; known: bert, gemma3, llama, llama3-rope");
  }

  @Test
  void aBrokenCheckpointIsAProblemWithoutStackTrace() throws Exception {
    // Given
    Files.writeString(temp.resolve("config.json"), "{\"architectures\": [\"Mamba\"]}");

    // When
    int code = run(temp.toString(), "--text", TEXT);

    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("Unsupported architecture: config.json names Mamba")
        .doesNotContain("\tat ");
  }

  /** A few windows to calibrate on. */
  private String shortText() throws Exception {
    String text = Files.readString(DOCS);
    return Files.writeString(temp.resolve("calibration.txt"), text.substring(20_000, 23_000))
        .toString();
  }

  private static String map(String last) {
    StringBuilder map = new StringBuilder("{\"embedding\": 6, \"head\": 8");
    for (int layer = 0; layer < 2; layer++) {
      for (String group : List.of("qk", "v", "o", "gate_up", "down")) {
        if (layer == 0 || !group.equals("down")) {
          map.append(", \"layers.%d.%s\": 4".formatted(layer, group));
        }
      }
    }
    return map.append(", ").append(last).append("}").toString();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--models", MODELS));
    if (!all.contains("--context")) {
      all.addAll(List.of("--context", "64"));
    }
    if (!all.contains("--windows")) {
      all.addAll(List.of("--windows", "2"));
    }
    CommandLine line = EvaluateCommand.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    line.setOverwrittenOptionsAllowed(true);
    return line.execute(all.toArray(String[]::new));
  }
}
