package dev.facet.quantization.domain.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes small checkpoints, right ones and wrong ones. */
final class CheckpointFolder {
  private static final ObjectMapper JSON = new ObjectMapper();

  final ObjectNode config = JSON.createObjectNode();
  private final Path folder;

  CheckpointFolder(Path folder) {
    this.folder = folder;
    config.putArray("architectures").add("LlamaForCausalLM");
    config.put("hidden_size", 4).put("num_attention_heads", 2).put("num_hidden_layers", 1);
    config.put("intermediate_size", 6).put("vocab_size", 8).put("max_position_embeddings", 16);
    config.put("rms_norm_eps", 1e-5).put("bos_token_id", 0).put("eos_token_id", 1);
    config.put("tie_word_embeddings", true);
  }

  Path path() {
    return folder;
  }

  Checkpoint open() {
    write("config.json", config.toString().getBytes(StandardCharsets.UTF_8));
    return Checkpoint.open(folder, new JacksonJsonSource());
  }

  void write(String name, byte[] bytes) {
    try {
      Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void index(Map<String, String> files) {
    ObjectNode index = JSON.createObjectNode();
    files.forEach(index.putObject("weight_map")::put);
    write("model.safetensors.index.json", index.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The shape of every tensor of the configuration above. */
  static Map<String, int[]> shapes() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", new int[] {8, 4});
    String layer = "model.layers.0.";
    shapes.put(layer + "input_layernorm.weight", new int[] {4});
    for (String projection : new String[] {"q", "k", "v", "o"}) {
      shapes.put(layer + "self_attn." + projection + "_proj.weight", new int[] {4, 4});
    }
    shapes.put(layer + "post_attention_layernorm.weight", new int[] {4});
    shapes.put(layer + "mlp.gate_proj.weight", new int[] {6, 4});
    shapes.put(layer + "mlp.up_proj.weight", new int[] {6, 4});
    shapes.put(layer + "mlp.down_proj.weight", new int[] {4, 6});
    shapes.put("model.norm.weight", new int[] {4});
    return shapes;
  }

  /** A header of float32 tensors, one after the other. */
  static ObjectNode header(Map<String, int[]> shapes) {
    ObjectNode header = JSON.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    int offset = 0;
    for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
      ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
      int bytes = 4;
      for (int extent : tensor.getValue()) {
        bytes *= extent;
        entry.withArray("shape").add(extent);
      }
      entry.putArray("data_offsets").add(offset).add(offset + bytes);
      offset += bytes;
    }
    return header;
  }

  /** Data for {@link #header}: weight i is i / 64. */
  static byte[] data(Map<String, int[]> shapes) {
    int count = 0;
    for (int[] shape : shapes.values()) {
      count += shape.length == 1 ? shape[0] : shape[0] * shape[1];
    }
    ByteBuffer data = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      data.putFloat(i / 64f);
    }
    return data.array();
  }

  static byte[] safetensors(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }

  void safetensors(String name, Map<String, int[]> shapes) {
    write(name, safetensors(header(shapes).toString(), data(shapes)));
  }
}
