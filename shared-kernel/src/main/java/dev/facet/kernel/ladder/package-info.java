/**
 * What quantization stores and shard-streaming serves: ladder indexes, segments, points. Plain
 * Java; JSON as docs/wire.md.
 */
package dev.facet.kernel.ladder;
