package dev.facet.kernel.ladder;

/**
 * Rows of one plane of one tensor inside a shard (docs/codec.md "Planes").
 *
 * @param depth bits reached with this plane: 2 for the base plane, 0 for float32 tensors
 * @param shard digest of the shard that holds it
 * @param offset first byte inside the shard
 * @param bytes length
 * @param firstRow first row covered
 * @param rowCount rows covered
 */
public record Segment(
    int depth, String shard, long offset, long bytes, int firstRow, int rowCount) {}
