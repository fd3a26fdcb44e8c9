/** The blob store in a folder or in a bucket, under the same names. */
package dev.facet.quantization.adapter.blobs;
