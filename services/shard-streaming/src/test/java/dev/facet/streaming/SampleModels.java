package dev.facet.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.ladder.BlobRef;
import java.util.Map;

/**
 * A ladder as quantization would have stored it, and the event that offers it; the same every time.
 */
public final class SampleModels {
  /** Shards of about a kilobyte. */
  public static final SampleModels SMALL = new SampleModels("small", 1);

  /** Shards of about a megabyte, 22 of them. */
  public static final SampleModels LARGE = new SampleModels("large", 1000);

  private final SampleLadder ladder;
  private final ModelPublished published;

  private SampleModels(String model, int scale) {
    this.ladder = new SampleLadder(scale);
    this.published = ladder.published(model, index());
  }

  private BlobRef index() {
    try {
      return ladder.store(new ObjectMapper().writeValueAsBytes(ladder.index()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public Map<String, byte[]> blobs() {
    return ladder.blobs();
  }

  public ModelPublished published() {
    return published;
  }

  public String bundle(int bits) {
    return "%s~%s~full-%d~wasm~0a1b2c3d4e5f"
        .formatted(published.model(), published.revision(), bits);
  }
}
