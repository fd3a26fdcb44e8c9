package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.domain.gguf.GgufBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes a Llama checkpoint as llama.cpp's converter does. */
public final class GgufTwin {
  /** Types that hold every weight of a bf16 checkpoint, or round it. */
  public enum Kind {
    F32(0),
    F16(1),
    BF16(30),
    Q8_0(8);

    final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  private final Checkpoint original;
  private final Kind kind;
  private final GgufBytes out = new GgufBytes();

  private GgufTwin(Checkpoint original, Kind kind) {
    this.original = original;
    this.kind = kind;
  }

  /**
   * @param tokenizer tokenizer.json of a byte-level BPE tokenizer
   * @param splitting what GGUF files call the way it splits text
   */
  public static byte[] of(
      Checkpoint original, Kind kind, Map<String, Object> tokenizer, String splitting) {
    GgufTwin twin = new GgufTwin(original, kind);
    twin.metadata();
    twin.vocabulary(tokenizer, splitting);
    twin.tensors();
    return twin.out.bytes();
  }

  private void metadata() {
    ArchitectureConfig config = original.config();
    out.text("general.architecture", "llama").count("llama.block_count", config.layers());
    out.count("llama.context_length", config.contextLength());
    out.count("llama.embedding_length", config.hiddenSize());
    out.count("llama.feed_forward_length", config.intermediateSize());
    out.count("llama.attention.head_count", config.heads());
    out.count("llama.attention.head_count_kv", config.kvHeads());
    out.count("llama.attention.key_length", config.headDim());
    out.count("llama.rope.dimension_count", config.headDim());
    out.number("llama.rope.freq_base", (float) config.ropeTheta());
    out.number("llama.attention.layer_norm_rms_epsilon", (float) config.rmsNormEps());
    out.count("tokenizer.ggml.bos_token_id", config.bosTokenId());
    out.count("tokenizer.ggml.eos_token_id", config.eosTokenIds().get(0));
  }

  private void vocabulary(Map<String, Object> tokenizer, String splitting) {
    Map<?, ?> model = (Map<?, ?>) tokenizer.get("model");
    List<Map.Entry<?, ?>> entries = new ArrayList<>(((Map<?, ?>) model.get("vocab")).entrySet());
    entries.sort(Comparator.comparingLong(entry -> (Long) entry.getValue()));
    List<String> tokens = new ArrayList<>();
    entries.forEach(entry -> tokens.add((String) entry.getKey()));
    int[] types = new int[original.config().vocabSize()];
    Arrays.fill(types, 1);
    while (tokens.size() < types.length) {
      types[tokens.size()] = 5;
      tokens.add("[PAD%d]".formatted(tokens.size()));
    }
    for (Object added : (List<?>) tokenizer.get("added_tokens")) {
      types[((Long) ((Map<?, ?>) added).get("id")).intValue()] = 3;
    }
    List<String> merges = new ArrayList<>();
    for (Object merge : (List<?>) model.get("merges")) {
      List<?> pair = (List<?>) merge;
      merges.add(pair.get(0) + " " + pair.get(1));
    }
    out.text("tokenizer.ggml.model", "gpt2").text("tokenizer.ggml.pre", splitting);
    out.texts("tokenizer.ggml.tokens", tokens);
    out.integers("tokenizer.ggml.token_type", types).texts("tokenizer.ggml.merges", merges);
  }

  private void tensors() {
    ArchitectureConfig config = original.config();
    DecoderTensors tensors = original.decoder();
    matrix("token_embd.weight", tensors.embedding(), 0);
    vector("output_norm.weight", tensors.norm());
    tensors.separateHead().ifPresent(head -> matrix("output.weight", head, 0));
    for (int i = 0; i < tensors.layers().size(); i++) {
      DecoderTensors.Layer layer = tensors.layers().get(i);
      String block = "blk." + i + ".";
      vector(block + "attn_norm.weight", layer.attentionNorm());
      matrix(block + "attn_q.weight", layer.query(), config.heads());
      matrix(block + "attn_k.weight", layer.key(), config.kvHeads());
      matrix(block + "attn_v.weight", layer.value(), 0);
      matrix(block + "attn_output.weight", layer.output(), 0);
      vector(block + "ffn_norm.weight", layer.feedForwardNorm());
      matrix(block + "ffn_gate.weight", layer.gate(), 0);
      matrix(block + "ffn_up.weight", layer.up(), 0);
      matrix(block + "ffn_down.weight", layer.down(), 0);
    }
    ropeFactors();
  }

  private void vector(String name, TensorSpec spec) {
    float[] weights = original.read(spec);
    ByteBuffer bytes = GgufBytes.little(4 * weights.length);
    for (float weight : weights) {
      bytes.putFloat(weight);
    }
    out.tensor(name, Kind.F32.number, bytes.array(), spec.cols());
  }

  private void matrix(String name, TensorSpec spec, int heads) {
    float[] weights = original.read(spec);
    if (heads > 0) {
      weights = interleaved(weights, spec, heads);
    }
    out.tensor(name, kind.number, coded(weights), spec.cols(), spec.rows());
  }

  /** Rows [head][half][i] to rows [head][i][half]. */
  private static float[] interleaved(float[] weights, TensorSpec spec, int heads) {
    int half = spec.rows() / heads / 2;
    float[] turned = new float[weights.length];
    int to = 0;
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < half; i++) {
        for (int side = 0; side < 2; side++, to++) {
          int from = (head * 2 + side) * half + i;
          System.arraycopy(weights, from * spec.cols(), turned, to * spec.cols(), spec.cols());
        }
      }
    }
    return turned;
  }

  private byte[] coded(float[] weights) {
    return switch (kind) {
      case F32 -> {
        ByteBuffer bytes = GgufBytes.little(4 * weights.length);
        bytes.asFloatBuffer().put(weights);
        yield bytes.array();
      }
      case BF16 -> {
        ByteBuffer bytes = GgufBytes.little(2 * weights.length);
        for (float weight : weights) {
          bytes.putShort((short) (Float.floatToRawIntBits(weight) >>> 16));
        }
        yield bytes.array();
      }
      case F16 -> {
        ByteBuffer bytes = GgufBytes.little(2 * weights.length);
        for (float weight : weights) {
          bytes.putShort(half(weight));
        }
        yield bytes.array();
      }
      case Q8_0 -> eightBit(weights);
    };
  }

  private static byte[] eightBit(float[] weights) {
    ByteBuffer bytes = GgufBytes.little(weights.length / 32 * 34);
    for (int block = 0; block < weights.length; block += 32) {
      float largest = 0;
      for (int i = 0; i < 32; i++) {
        largest = Math.max(largest, Math.abs(weights[block + i]));
      }
      float scale = largest / 127;
      bytes.putShort(half(scale));
      for (int i = 0; i < 32; i++) {
        bytes.put((byte) (scale == 0 ? 0 : Math.round(weights[block + i] / scale)));
      }
    }
    return bytes.array();
  }

  /** Rounds to the nearest half, ties to even; subnormals too. */
  static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (magnitude >= 65520) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int rounded = (bits & 0x7fffffff) + 0xfff + (bits >> 13 & 1);
    return (short) (sign | (rounded >> 13) - (112 << 10));
  }

  private void ropeFactors() {
    var scaling = original.config().ropeScaling();
    if (scaling == null) {
      return;
    }
    int count = original.config().headDim() / 2;
    ByteBuffer factors = GgufBytes.little(4 * count);
    for (int i = 0; i < count; i++) {
      double frequency = 1 / Math.pow(original.config().ropeTheta(), 2.0 * i / (2 * count));
      double wavelength = 2 * Math.PI / frequency;
      double low = scaling.originalContextLength() / scaling.lowFreqFactor();
      double high = scaling.originalContextLength() / scaling.highFreqFactor();
      double smooth =
          (scaling.originalContextLength() / wavelength - scaling.lowFreqFactor())
              / (scaling.highFreqFactor() - scaling.lowFreqFactor());
      factors.putFloat(
          (float)
              (wavelength < high
                  ? 1
                  : wavelength > low
                      ? scaling.factor()
                      : 1 / ((1 - smooth) / scaling.factor() + smooth)));
    }
    out.tensor("rope_freqs.weight", Kind.F32.number, factors.array(), count);
  }
}
