package dev.facet.quantization.domain.ladder;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.kernel.ladder.LadderShard;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.kernel.ScalarMatrixKernel;
import dev.facet.quantization.domain.kernel.ScalarQuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the 8-bit ladders of the conformance checkpoints that the browser's runtime is checked
 * with: an index as it is published, the shards in its order, one after the other, and what this
 * service's decoder writes with them, if it is one. Run its {@code main} from the module's folder
 * after a deliberate change of the format.
 */
final class GoldenLadders {
  static final Path CHECKPOINTS = Path.of("src/test/resources/conformance");
  static final Path FOLDER = Path.of("../../shared-kernel/src/test/resources/golden/ladders");
  static final List<String> FAMILIES =
      List.of("llama", "llama3-rope", "mistral", "qwen2", "qwen3", "gemma3", "phi3", "bert");

  private static final JsonInclude.Value WITHOUT_EMPTY =
      JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, null);
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .withConfigOverride(Map.class, maps -> maps.setInclude(WITHOUT_EMPTY))
          .build();
  private static final int DEPTH = 8;
  private static final int GREEDY = 8;

  private final String family;
  private final Map<String, byte[]> blobs = new LinkedHashMap<>();
  private final LadderIndex index;
  private final List<List<Integer>> greedy;

  private GoldenLadders(String family, Checkpoint checkpoint) {
    this.family = family;
    EmbeddedEncoder rounding =
        new EmbeddedEncoder(new ScalarQuantizationKernel(), Workers.caller());
    LadderEncoder encoder = new LadderEncoder(checkpoint, MatrixEncoder.rounding(rounding));
    List<EncodedGroup> groups = new ArrayList<>();
    for (TensorGroup group : TensorGroup.of(checkpoint.tensors())) {
      groups.add(
          encoder.encode(
              LadderSpec.REFERENCE, group, (shard, bytes) -> blobs.put(shard.sha256(), bytes)));
    }
    this.greedy = checkpoint.isDecoder() ? greedy(checkpoint, groups) : List.of();
    this.index =
        new LadderIndex(
            LadderIndex.FORMAT,
            family,
            "0".repeat(12),
            LadderSpec.REFERENCE.name(),
            checkpoint.config(),
            new BlobRef("0".repeat(64), 0),
            groups.stream().flatMap(group -> group.tensors().stream()).toList(),
            groups.stream().flatMap(group -> group.shards().stream()).toList(),
            Map.of());
  }

  static GoldenLadders of(String family) {
    Path folder = CHECKPOINTS.resolve(family);
    try (Checkpoint checkpoint = Checkpoint.open(folder, new JacksonJsonSource())) {
      return new GoldenLadders(family, checkpoint);
    }
  }

  public static void main(String[] args) throws IOException {
    Files.createDirectories(FOLDER);
    for (String family : FAMILIES) {
      GoldenLadders golden = of(family);
      Files.writeString(golden.indexFile(), golden.index());
      Files.write(golden.shardsFile(), golden.shards());
    }
  }

  Path indexFile() {
    return FOLDER.resolve(family + ".json");
  }

  Path shardsFile() {
    return FOLDER.resolve(family + ".shards");
  }

  String index() throws IOException {
    return JSON.writeValueAsString(Map.of("index", index, "greedy", greedy)) + "\n";
  }

  /** The first tokens after each input of the reference. */
  private List<List<Integer>> greedy(Checkpoint checkpoint, List<EncodedGroup> groups) {
    Map<String, Integer> depths = new HashMap<>();
    groups.forEach(group -> depths.put(group.group(), DEPTH));
    Decoder decoder =
        new Decoder(
            checkpoint.config(),
            checkpoint.decoder(),
            new LadderReader(groups, blobs::get).cut(depths),
            new ScalarMatrixKernel(),
            Workers.caller());
    List<List<Integer>> texts = new ArrayList<>();
    for (JsonNode input : reference().get("cases")) {
      List<Integer> tokens = new ArrayList<>();
      input.get("ids").forEach(id -> tokens.add(id.asInt()));
      int prompt = tokens.size();
      while (tokens.size() < prompt + GREEDY) {
        tokens.add(likeliest(decoder, tokens.stream().mapToInt(id -> id).toArray()));
      }
      texts.add(List.copyOf(tokens.subList(prompt, tokens.size())));
    }
    return texts;
  }

  private JsonNode reference() {
    try {
      return JSON.readTree(CHECKPOINTS.resolve(family).resolve("reference.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int likeliest(Decoder decoder, int[] tokens) {
    float[] logits = new float[decoder.vocabSize()];
    decoder.logits(decoder.hidden(tokens), tokens.length - 1, 1, logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  byte[] shards() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (LadderShard shard : index.shards()) {
      bytes.writeBytes(blobs.get(shard.sha256()));
    }
    return bytes.toByteArray();
  }
}
