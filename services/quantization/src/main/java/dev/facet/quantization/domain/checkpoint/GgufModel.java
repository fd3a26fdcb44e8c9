package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.domain.gguf.GgufFile;
import dev.facet.quantization.domain.gguf.GgufProblem;
import dev.facet.quantization.domain.gguf.GgufTensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model in one GGUF file, shown as the Hub's checkpoint that it was made from: tensors by the
 * Hub's names, rows in the Hub's order.
 */
final class GgufModel implements CheckpointFormat {
  /**
   * @param heads groups whose rows are interleaved; 0 for rows in order
   */
  private record Location(GgufTensor tensor, int heads) {}

  private final Path path;
  private final GgufFile file;
  private final JsonSource json;
  private final ArchitectureConfig config;
  private final DecoderTensors tensors;
  private final Map<String, Location> locations = new HashMap<>();

  private GgufModel(Path path, GgufFile file, JsonSource json) {
    this.path = path;
    this.file = file;
    this.json = json;
    this.config = new GgufLlama(file).config();
    this.tensors = DecoderTensors.of(config);
    locate();
  }

  static GgufModel open(Path path, JsonSource json) {
    return of(path, GgufFile.open(path), json);
  }

  static GgufModel of(Path path, GgufFile file, JsonSource json) {
    try {
      return new GgufModel(path, file, json);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void locate() {
    locate(tensors.embedding(), GgufLlama.EMBEDDING, 0);
    for (int i = 0; i < tensors.layers().size(); i++) {
      DecoderTensors.Layer layer = tensors.layers().get(i);
      String block = "blk." + i + ".";
      locate(layer.attentionNorm(), block + "attn_norm.weight", 0);
      locate(layer.query(), block + "attn_q.weight", config.heads());
      locate(layer.key(), block + "attn_k.weight", config.kvHeads());
      locate(layer.value(), block + "attn_v.weight", 0);
      locate(layer.output(), block + "attn_output.weight", 0);
      locate(layer.feedForwardNorm(), block + "ffn_norm.weight", 0);
      locate(layer.gate(), block + "ffn_gate.weight", 0);
      locate(layer.up(), block + "ffn_up.weight", 0);
      locate(layer.down(), block + "ffn_down.weight", 0);
    }
    locate(tensors.norm(), "output_norm.weight", 0);
    tensors.separateHead().ifPresent(head -> locate(head, GgufLlama.HEAD, 0));
  }

  private void locate(TensorSpec spec, String name, int heads) {
    GgufTensor tensor = file.tensor(name);
    if (tensor == null) {
      throw new CheckpointProblem.MissingTensor(file.name(), name);
    }
    if (tensor.rows() != spec.rows() || tensor.cols() != spec.cols()) {
      throw new GgufProblem.BadTensor(
          file.name(),
          name,
          "has shape %s, the metadata asks for [%d, %d]"
              .formatted(tensor.shape(), spec.cols(), spec.rows()));
    }
    locations.put(spec.name(), new Location(tensor, heads));
  }

  @Override
  public ArchitectureConfig config() {
    return config;
  }

  @Override
  public DecoderTensors tensors() {
    return tensors;
  }

  @Override
  public TokenizerFile tokenizer() {
    Map<String, Object> tokenizer = GgufVocabulary.of(file.metadata()).tokenizer();
    return new TokenizerFile(file.name(), json.text(tokenizer));
  }

  @Override
  public List<Path> contentFiles() {
    return List.of(path);
  }

  @Override
  public void read(TensorSpec spec, int firstRow, int rowCount, float[] target, int offset) {
    Location location = locations.get(spec.name());
    if (location.heads == 0) {
      file.read(location.tensor, firstRow, rowCount, target, offset);
      return;
    }
    for (int i = 0; i < rowCount; i++) {
      int row = interleaved(firstRow + i, spec.rows() / location.heads);
      file.read(location.tensor, row, 1, target, offset + i * spec.cols());
    }
  }

  /**
   * Where a GGUF file keeps a row of query or key weights: the two halves of each head, which the
   * Hub's models rotate against each other, lie there row by row in turn.
   */
  private static int interleaved(int row, int headDim) {
    int inHead = row % headDim;
    int half = headDim / 2;
    return row - inHead + inHead % half * 2 + inHead / half;
  }

  @Override
  public void close() {
    file.close();
  }
}
