package dev.facet.quantization.domain.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A tokenizer in the form of the Hub's tokenizer.json, as found or made from a vocabulary.
 *
 * @param name the file it comes from
 */
public record TokenizerFile(String name, byte[] json) {

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenizerFile file
        && name.equals(file.name)
        && Arrays.equals(json, file.json);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, Arrays.hashCode(json));
  }

  @Override
  public String toString() {
    return name + ": " + new String(json, StandardCharsets.UTF_8);
  }
}
