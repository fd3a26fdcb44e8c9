package dev.facet.kernel.ladder;

/**
 * An immutable blob of segments of one tensor group at one depth.
 *
 * @param depth 0 for float32 tensors, else 2 and up
 */
public record LadderShard(String sha256, long bytes, String group, int depth) {}
