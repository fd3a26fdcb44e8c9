/**
 * Ladders and the points on them: which tensors are coded together, to which anchor, in which
 * shards, and how good each cut is. Free of I/O: blobs go out through {@link
 * dev.facet.quantization.domain.ladder.ShardSink} and come back through {@link
 * dev.facet.quantization.domain.ladder.ShardSource}.
 */
package dev.facet.quantization.domain.ladder;
