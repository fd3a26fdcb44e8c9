/**
 * Hugging Face checkpoints: safetensors files, alone or sharded, read in blocks of rows; every
 * length, offset and product is checked before use. JSON comes in through {@link
 * dev.facet.quantization.domain.checkpoint.JsonSource}.
 */
package dev.facet.quantization.domain.checkpoint;
