/** The blob store in a folder. */
package dev.facet.quantization.adapter.blobs;
