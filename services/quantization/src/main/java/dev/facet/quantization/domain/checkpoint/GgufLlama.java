package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.RopeScaling;
import dev.facet.quantization.domain.gguf.GgufFile;
import dev.facet.quantization.domain.gguf.GgufMetadata;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the shape of a Llama decoder from the metadata of a GGUF file. */
final class GgufLlama {
  static final String EMBEDDING = "token_embd.weight";
  static final String HEAD = "output.weight";

  private static final String ARCHITECTURE = "general.architecture";
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String HEAD_DIM = "llama.attention.key_length";
  private static final double DEFAULT_ROPE_BASE = 10_000;

  private final GgufFile file;
  private final GgufMetadata metadata;

  GgufLlama(GgufFile file) {
    this.file = file;
    this.metadata = file.metadata();
  }

  /**
   * @throws dev.facet.quantization.domain.gguf.GgufProblem for values out of range or not supported
   */
  ArchitectureConfig config() {
    requireSupported();
    int hiddenSize = metadata.count("llama.embedding_length");
    int heads = metadata.count("llama.attention.head_count");
    int kvHeads = metadata.count("llama.attention.head_count_kv", heads);
    int headDim = metadata.count(HEAD_DIM, Math.max(1, hiddenSize / heads));
    require(heads % kvHeads == 0, "llama.attention.head_count_kv", kvHeads, "divides " + heads);
    require(headDim % 2 == 0, HEAD_DIM, headDim, "is even");
    require((long) heads * headDim <= DecoderArchitecture.WIDEST, HEAD_DIM, headDim, "is narrower");
    requireUniform(headDim);
    int layers = metadata.count("llama.block_count");
    require(layers <= file.tensors().size(), "llama.block_count", layers, "fits the tensors");
    int vocabSize = vocabSize();
    return new ArchitectureConfig(
        "llama",
        hiddenSize,
        layers,
        heads,
        kvHeads,
        headDim,
        metadata.count("llama.feed_forward_length"),
        vocabSize,
        metadata.count("llama.context_length"),
        ropeBase(),
        ropeScaling(headDim),
        metadata.positive("llama.attention.layer_norm_rms_epsilon"),
        file.tensor(HEAD) == null,
        tokenId("tokenizer.ggml.bos_token_id", vocabSize),
        endTokens(vocabSize));
  }

  private void requireSupported() {
    String architecture = metadata.string(ARCHITECTURE);
    require(architecture.equals("llama"), ARCHITECTURE, architecture, "is llama");
    int experts =
        metadata.has("llama.expert_count") ? metadata.integer("llama.expert_count", 0) : 0;
    require(experts == 0, "llama.expert_count", experts, "is 0");
    file.tensors().stream()
        .filter(tensor -> tensor.name().endsWith(".bias"))
        .findFirst()
        .ifPresent(
            bias -> {
              throw metadata.wrong(
                  ARCHITECTURE,
                  "is llama with biases (%s), which is not run".formatted(bias.name()));
            });
  }

  private void requireUniform(int headDim) {
    for (String same : List.of("llama.attention.value_length", "llama.rope.dimension_count")) {
      int found = metadata.count(same, headDim);
      require(found == headDim, same, found, "is %d, the size of a head".formatted(headDim));
    }
  }

  private void require(boolean holds, String key, Object value, String rule) {
    if (!holds) {
      throw metadata.wrong(key, "is %s; supported is one that %s".formatted(value, rule));
    }
  }

  private int vocabSize() {
    int tokens = metadata.strings(TOKENS).size();
    if (tokens == 0) {
      throw metadata.wrong(TOKENS, "is empty");
    }
    int announced = metadata.count("llama.vocab_size", tokens);
    require(announced == tokens, "llama.vocab_size", announced, "is %d".formatted(tokens));
    return tokens;
  }

  private double ropeBase() {
    String type = metadata.string("llama.rope.scaling.type", "none");
    require(type.equals("none"), "llama.rope.scaling.type", type, "is none");
    return metadata.positive("llama.rope.freq_base", DEFAULT_ROPE_BASE);
  }

  private RopeScaling ropeScaling(int headDim) {
    return file.tensor(RopeFactors.TENSOR) == null
        ? null
        : RopeFactors.read(file, headDim).scaling(ropeBase());
  }

  private int tokenId(String key, int vocabSize) {
    int id = metadata.integer(key, 0);
    if (id >= vocabSize) {
      throw metadata.wrong(key, "is %d, beyond the %d tokens".formatted(id, vocabSize));
    }
    return id;
  }

  private List<Integer> endTokens(int vocabSize) {
    Set<Integer> ids = new LinkedHashSet<>();
    for (String key : List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id")) {
      if (metadata.has(key)) {
        ids.add(tokenId(key, vocabSize));
      }
    }
    return List.copyOf(ids);
  }
}
