/** Tokenizers and held-out text. */
package dev.facet.quantization.adapter.text;
