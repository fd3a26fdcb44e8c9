package dev.facet.quantization.adapter.cli;

import dev.facet.kernel.identity.Digest;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.source.ContentRevision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names what is computed from a checkpoint by the content of all that it depends on. */
final class ContentKeys {
  /** Changes whenever the same inputs give other values. */
  private static final int RELEASE = 1;

  private final String revision;

  private ContentKeys(String revision) {
    this.revision = revision;
  }

  static ContentKeys of(Checkpoint checkpoint) {
    try {
      return new ContentKeys(ContentRevision.of(checkpoint.contentFiles()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param kind what is named; the first part of the key
   * @param inputs whose text counts
   */
  String key(String kind, Object... inputs) {
    StringBuilder all = new StringBuilder(revision + "\n" + RELEASE);
    for (Object input : inputs) {
      all.append('\n').append(input);
    }
    return kind + "-" + Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** Of what depends on a text too. */
  String key(String kind, List<int[]> windows) {
    int tokens = windows.stream().mapToInt(window -> window.length + 1).sum();
    ByteBuffer ids = ByteBuffer.allocate(Math.multiplyExact(Integer.BYTES, tokens));
    for (int[] window : windows) {
      ids.putInt(window.length);
      for (int id : window) {
        ids.putInt(id);
      }
    }
    return key(kind, Digest.of(ids.array()).hex());
  }
}
