/**
 * Hostile files. {@code src/test/resources/fuzz} holds a corpus of known lies for each reader, run
 * in the ordinary tests; {@code ./facet fuzz} goes on from it, guided by coverage.
 */
package dev.facet.quantization.fuzz;
