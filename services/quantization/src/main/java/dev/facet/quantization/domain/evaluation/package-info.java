/**
 * How far a quantized model is from the full-precision one on a text: perplexity, divergence of the
 * next-token distributions, agreement on the most likely token.
 */
package dev.facet.quantization.domain.evaluation;
