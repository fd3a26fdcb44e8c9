package dev.facet.quantization.domain.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settings that no forward pass depends on. Any other setting that nothing has read is refused, so
 * that a variant of an architecture that is not known here is not run as if it were the plain one.
 */
final class KnownSettings {
  private static final Set<String> INERT =
      Set.of(
          // what wrote the file, and for whom
          "architectures",
          "auto_map",
          "dtype",
          "model_type",
          "tokenizer_class",
          "torch_dtype",
          "torchscript",
          "transformers_version",
          "unsloth_fixed",
          "unsloth_version",
          "finetuning_task",
          "id2label",
          "label2id",
          "problem_type",
          "task_specific_params",
          "max_sequence_length",
          // training
          "attention_dropout",
          "attention_probs_dropout_prob",
          "attn_pdrop",
          "classifier_dropout",
          "embd_pdrop",
          "hidden_dropout",
          "hidden_dropout_prob",
          "initializer_factor",
          "initializer_range",
          "resid_pdrop",
          "output_router_logits",
          "router_aux_loss_coef",
          // how the forward pass is run, not what it computes
          "cache_implementation",
          "chunk_size_feed_forward",
          "gradient_checkpointing",
          "output_attentions",
          "output_hidden_states",
          "pretraining_tp",
          "return_dict",
          "use_cache",
          "use_bfloat16",
          "is_decoder",
          "is_encoder_decoder",
          "pruned_heads",
          // tokens and generation
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "sep_token_id",
          "cls_token_id",
          "unk_token_id",
          "mask_token_id",
          "decoder_start_token_id",
          "max_length",
          "min_length",
          "do_sample",
          "num_beams",
          "num_beam_groups",
          "temperature",
          "top_k",
          "top_p",
          "typical_p",
          "repetition_penalty",
          "length_penalty",
          "diversity_penalty",
          "no_repeat_ngram_size",
          "encoder_no_repeat_ngram_size",
          "num_return_sequences",
          "generation_config");

  private KnownSettings() {}

  /**
   * @throws CheckpointProblem.UnsupportedConfig for the first setting that nothing has read, unless
   *     it is inert, or off: null, false or empty
   */
  static void requireAllRead(JsonObject settings, String modelClass) {
    for (Map.Entry<String, Object> setting : settings.unread().entrySet()) {
      String key = setting.getKey();
      // A leading underscore marks what transformers notes for itself.
      if (!key.startsWith("_") && !INERT.contains(key) && !off(setting.getValue())) {
        throw new CheckpointProblem.UnsupportedConfig(
            settings.place(key),
            setting.getValue(),
            "this setting of %s is not known, and it may change what is computed"
                .formatted(modelClass));
      }
    }
  }

  private static boolean off(Object value) {
    return value == null
        || Boolean.FALSE.equals(value)
        || List.of().equals(value)
        || Map.of().equals(value);
  }
}
