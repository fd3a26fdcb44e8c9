/**
 * Checkpoints by upload: files of one id, each sent by the tus resumable upload protocol 1.0.0 with
 * its extensions creation, checksum, expiration and termination.
 */
package dev.facet.quantization.adapter.upload;
