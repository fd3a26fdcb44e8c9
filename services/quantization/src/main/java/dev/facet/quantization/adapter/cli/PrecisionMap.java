package dev.facet.quantization.adapter.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object of tensor group to bits, checked against a model. */
final class PrecisionMap {
  private PrecisionMap() {}

  /**
   * @return bits of every group of the model, 0 for float32
   * @throws IllegalArgumentException with a sentence for the user
   */
  static Map<String, Integer> read(Path file, List<TensorGroup> groups) {
    Map<String, Integer> given = parse(file);
    Map<String, Integer> bits = new LinkedHashMap<>();
    for (TensorGroup group : groups) {
      bits.put(group.id(), bits(file, group, given.remove(group.id())));
    }
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "%s names groups that the model does not have: %s. It has: %s."
              .formatted(
                  file,
                  String.join(", ", given.keySet()),
                  String.join(", ", groups.stream().map(TensorGroup::id).toList())));
    }
    return bits;
  }

  private static Map<String, Integer> parse(Path file) {
    try {
      return new JsonMapper()
          .readValue(file.toFile(), new TypeReference<LinkedHashMap<String, Integer>>() {});
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "%s is no JSON object of tensor group to bits: %s"
              .formatted(file, e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalArgumentException("%s cannot be read".formatted(file));
    }
  }

  private static int bits(Path file, TensorGroup group, Integer given) {
    if (group.kind() == TensorGroup.Kind.DENSE) {
      return 0;
    }
    if (given == null || given < CodeSettings.MIN_DEPTH || given > CodeSettings.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "%s gives %s %s; every group needs 2 to 8 bits."
              .formatted(file, group.id(), given == null ? "no bits" : given + " bits"));
    }
    return given;
  }
}
