/** JSON of checkpoints, read with Jackson. */
package dev.facet.quantization.adapter.checkpoint;
