package dev.facet.quantization.domain.ladder;

/** Gives stored shards back. */
@FunctionalInterface
public interface ShardSource {
  /**
   * @param sha256 name of the shard
   * @return its content, checked against its name
   */
  byte[] read(String sha256);
}
