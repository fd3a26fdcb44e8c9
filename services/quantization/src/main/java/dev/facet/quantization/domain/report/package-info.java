/** What a published model's numbers say, layer by layer and tensor by tensor. */
package dev.facet.quantization.domain.report;
