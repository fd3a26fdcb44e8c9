/**
 * The full-precision forward pass of a Llama decoder over a window of tokens, in float32. Weights
 * come block by block from a {@link dev.facet.quantization.domain.checkpoint.WeightSource}, so a
 * checkpoint and a cut of a ladder run through the same arithmetic and neither must fit in memory.
 * The same weights and tokens give the same bits on any number of threads and on any JDK.
 */
package dev.facet.quantization.domain.transformer;
