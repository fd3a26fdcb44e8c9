/** The models directory. */
package dev.facet.quantization.adapter.folders;
