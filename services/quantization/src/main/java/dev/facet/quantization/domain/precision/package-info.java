/**
 * Mixed precision: how much each tensor group's bits matter, measured on a text, and the best bits
 * for a budget of bytes.
 */
package dev.facet.quantization.domain.precision;
