/**
 * The embedded codec of {@code docs/codec.md}: one stored code of each weight, readable at every
 * depth from 2 bits to its anchor.
 */
package dev.facet.quantization.domain.codec;
