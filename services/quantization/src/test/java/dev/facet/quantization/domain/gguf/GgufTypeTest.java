package dev.facet.quantization.domain.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufTypeTest {
  private static final Path GOLDEN = Path.of("src/test/resources/gguf/blocks.json");

  private static byte[] golden(GgufType type, String what) throws Exception {
    JsonNode entry = new ObjectMapper().readTree(GOLDEN.toFile()).path(type.name());
    return Base64.getDecoder().decode(entry.path(what).asText());
  }

  private static float[] weights(GgufType type) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(golden(type, "weights")).order(ByteOrder.LITTLE_ENDIAN);
    float[] weights = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(weights);
    return weights;
  }

  @ParameterizedTest
  @EnumSource
  void blocksAreDequantizedAsLlamaCppDoes(GgufType type) throws Exception {
    byte[] blocks = golden(type, "blocks");
    float[] expected = weights(type);

    float[] found = new float[expected.length + 2];
    type.decode(
        ByteBuffer.wrap(blocks).order(ByteOrder.LITTLE_ENDIAN),
        blocks.length / type.blockBytes(),
        found,
        1);

    assertThat(found[0]).isZero();
    assertThat(found[found.length - 1]).isZero();
    for (int i = 0; i < expected.length; i++) {
      // The scale of a group may be rounded once or not at all before it meets the code.
      assertThat(found[i + 1])
          .as("weight %d", i)
          .isCloseTo(
              expected[i],
              org.assertj.core.api.Assertions.within(
                  Math.max(1e-6f, Math.abs(expected[i]) * 2e-6f)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreReadFromTheMiddleOfAFile(GgufType type, @TempDir Path folder) throws Exception {
    byte[] blocks = golden(type, "blocks");
    float[] expected = weights(type);
    int rows = type.blockWeights() == 1 ? 16 : 3;
    int cols = expected.length / rows;
    Path file = folder.resolve("rows.gguf");
    Files.write(
        file,
        new GgufBytes()
            .tensor("before", 0, new byte[12], 3)
            .tensor("rows", type.number(), blocks, cols, rows)
            .bytes());

    try (GgufFile open = GgufFile.open(file)) {
      float[] found = new float[2 * cols];
      open.read(open.tensor("rows"), 1, 2, found, 0);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i])
            .isCloseTo(expected[cols + i], org.assertj.core.data.Percentage.withPercentage(1e-3));
      }
    }
  }
}
