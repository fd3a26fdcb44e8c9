/** Where a checkpoint is to be taken from, as an operator names it. */
package dev.facet.quantization.domain.source;
