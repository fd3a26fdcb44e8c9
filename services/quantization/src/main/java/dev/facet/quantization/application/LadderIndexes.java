package dev.facet.quantization.application;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.SortedMap;

/** Writes ladder indexes to the blob store. The same ladder always gives the same bytes. */
@ApplicationScoped
public class LadderIndexes {
  private final BlobStore blobs;
  private final ObjectMapper json = JsonMapper.builder().build();

  LadderIndexes(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * @param groups all groups of the ladder in execution order
   * @param losses foretold of each group's depths from 2 on, where anything is foretold
   */
  public ModelPublished.Ladder store(
      ImportedModel model,
      String ladder,
      List<EncodedGroup> groups,
      SortedMap<String, List<Double>> losses) {
    LadderIndex index =
        new LadderIndex(
            LadderIndex.FORMAT,
            model.id().value(),
            model.revision(),
            ladder,
            model.config(),
            model.tokenizer(),
            groups.stream().flatMap(group -> group.tensors().stream()).toList(),
            groups.stream().flatMap(group -> group.shards().stream()).toList(),
            losses);
    try {
      return new ModelPublished.Ladder(ladder, blobs.put(json.writeValueAsBytes(index)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a ladder index has no JSON", e);
    }
  }
}
