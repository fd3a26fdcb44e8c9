package dev.facet.quantization.domain.checkpoint;

import java.util.List;

/**
 * Families of decoders, by how they depart from Llama: in defaults that config.json need not spell
 * out, in what is fixed for the family and in how tensors are stored. Defaults are those of the
 * families' configuration classes in transformers.
 */
enum DecoderFamily {
  LLAMA("llama", "LlamaForCausalLM"),
  MISTRAL("mistral", "MistralForCausalLM"),
  QWEN2("qwen2", "Qwen2ForCausalLM"),
  QWEN3("qwen3", "Qwen3ForCausalLM"),
  GEMMA3("gemma3", "Gemma3ForCausalLM"),
  PHI3("phi3", "Phi3ForCausalLM");

  private static final List<String> ATTENTION = List.of("query", "key", "value", "output");

  final String architecture;
  final String modelClass;

  DecoderFamily(String architecture, String modelClass) {
    this.architecture = architecture;
    this.modelClass = modelClass;
  }

  /** Elements of a head where config.json does not say. */
  int headDim(int hiddenSize, int heads) {
    return switch (this) {
      case QWEN3 -> 128;
      case GEMMA3 -> 256;
      default -> Math.max(1, hiddenSize / heads);
    };
  }

  /** Key of the activation's name. */
  String activationKey() {
    return this == GEMMA3 ? "hidden_activation" : "hidden_act";
  }

  /** The activation as config.json names it. */
  String activation() {
    return this == GEMMA3 ? "gelu_pytorch_tanh" : "silu";
  }

  double ropeTheta() {
    return this == GEMMA3 ? 1_000_000 : 10_000;
  }

  double normEps() {
    return this == PHI3 ? 1e-5 : 1e-6;
  }

  boolean tiedEmbeddings() {
    return this == GEMMA3;
  }

  /** Linear layers that always add a bias. */
  List<String> fixedBiases() {
    return this == QWEN2 ? List.of("query", "key", "value") : List.of();
  }

  /** Linear layers that add a bias where {@code attention_bias} is set. */
  List<String> attentionBiases() {
    return switch (this) {
      case LLAMA, QWEN3, GEMMA3 -> ATTENTION;
      default -> List.of();
    };
  }

  /** Linear layers that add a bias where {@code mlp_bias} is set. */
  List<String> feedForwardBiases() {
    return this == LLAMA ? List.of("gate", "up", "down") : List.of();
  }

  /** Whether queries and keys are normed head by head. */
  boolean qkNorm() {
    return this == QWEN3 || this == GEMMA3;
  }

  /** Whether results are normed before they are added to the residual stream. */
  boolean postNorms() {
    return this == GEMMA3;
  }

  /** Whether norms are stored as their difference from 1 and embeddings are scaled up when used. */
  boolean centredNorms() {
    return this == GEMMA3;
  }

  /** Whether query, key and value, and gate and up, are stored as one tensor each. */
  boolean fusedProjections() {
    return this == PHI3;
  }
}
