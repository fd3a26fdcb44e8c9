/** Tokenizers of checkpoints, run by the library they were made with. */
package dev.facet.quantization.adapter.tokenizer;
