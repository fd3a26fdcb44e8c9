/**
 * Checkpoints from other hosts over HTTP: the layout of the Hugging Face Hub and plain folders.
 * Where a connection goes is decided by its checked address, for each redirect anew.
 */
package dev.facet.quantization.adapter.download;
