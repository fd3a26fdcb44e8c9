/**
 * GGUF files: header, metadata and tensors whose weights are dequantized block by block as they are
 * read. Every length, count, offset and product is checked before use.
 */
package dev.facet.quantization.domain.gguf;
