package dev.facet.quantization.domain.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgufFileTest {
  @TempDir Path folder;

  private GgufFile open(byte[] bytes) throws Exception {
    return GgufFile.open(Files.write(folder.resolve("model.gguf"), bytes));
  }

  private static GgufBytes sound() {
    return new GgufBytes()
        .text("general.architecture", "llama")
        .count("llama.block_count", 1)
        .texts("general.tags", List.of("a", "b"))
        .number("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .tensor("first", 0, new byte[16], 4)
        .tensor("second", 8, new byte[68], 32, 2);
  }

  private static byte[] patched(int at, long value, int width) {
    byte[] bytes = sound().bytes();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (width == 8) {
      file.putLong(at, value);
    } else {
      file.putInt(at, (int) value);
    }
    return bytes;
  }

  @Test
  void aSoundFileIsRead() throws Exception {
    try (GgufFile file = open(sound().bytes())) {
      assertThat(file.metadata().string("general.architecture")).isEqualTo("llama");
      assertThat(file.metadata().positive("llama.attention.layer_norm_rms_epsilon"))
          .isEqualTo(1e-5);
      assertThat(file.tensors()).extracting(GgufTensor::name).containsExactly("first", "second");
      assertThat(file.tensor("second").rows()).isEqualTo(2);
    }
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        Arguments.of("empty", new byte[0], "ends at byte 0"),
        Arguments.of("magic", patched(0, 0x46554746, 4), "does not begin with GGUF"),
        Arguments.of("version 1", patched(4, 1, 4), "version 1"),
        Arguments.of("big-endian", patched(4, 3 << 24, 4), "big-endian"),
        Arguments.of("2^63 tensors", patched(8, Long.MIN_VALUE, 8), "9223372036854775808 tensors"),
        Arguments.of("2^32 pairs", patched(16, 1L << 32, 8), "4294967296 metadata pairs"),
        Arguments.of("a key of 2^63 bytes", patched(24, Long.MIN_VALUE, 8), "a string of"),
        Arguments.of("more tensors than there are", sound().bytes(3, 4), "model.gguf"),
        Arguments.of("more pairs than there are", sound().bytes(2, 9), "model.gguf"),
        Arguments.of(
            "array of 2^63 elements in 43 bytes",
            new GgufBytes().array("a", GgufBytes.UINT8, Long.MIN_VALUE, new byte[0]).bytes(),
            "not bytes enough"),
        Arguments.of(
            "array longer than the file",
            new GgufBytes().array("a", GgufBytes.INT32, 1000, new byte[64]).bytes(),
            "not bytes enough"),
        Arguments.of(
            "array of arrays",
            new GgufBytes().array("a", GgufBytes.ARRAY, 1, new byte[64]).bytes(),
            "array of arrays"),
        Arguments.of(
            "type out of range", new GgufBytes().pair("a", 13, new byte[8]).bytes(), "type 13"),
        Arguments.of(
            "neither true nor false",
            new GgufBytes().pair("a", GgufBytes.BOOL, new byte[] {7}).bytes(),
            "neither true nor false"),
        Arguments.of(
            "a key twice", new GgufBytes().count("a", 1).count("a", 2).bytes(), "given twice"),
        Arguments.of(
            "not UTF-8",
            new GgufBytes()
                .pair("a", GgufBytes.STRING, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff})
                .bytes(),
            "not UTF-8"),
        Arguments.of(
            "alignment 0", new GgufBytes().count("general.alignment", 0).bytes(), "alignment"),
        Arguments.of(
            "alignment 24", new GgufBytes().count("general.alignment", 24).bytes(), "alignment"),
        Arguments.of("split", new GgufBytes().count("split.count", 3).bytes(), "join the parts"),
        Arguments.of(
            "five extents", new GgufBytes().info("t", 0, 0, 1, 1, 1, 1, 1).bytes(), "5 extents"),
        Arguments.of("no extents", new GgufBytes().info("t", 0, 0).bytes(), "0 extents"),
        Arguments.of("extent 0", new GgufBytes().info("t", 0, 0, 0).bytes(), "extent of 0"),
        Arguments.of("extent -1", new GgufBytes().info("t", 0, 0, -1).bytes(), "extent of 1844"),
        Arguments.of(
            "product overflows",
            new GgufBytes().info("t", 0, 0, 1L << 31, 1L << 31, 16).bytes(),
            "overflows"),
        Arguments.of(
            "product of blocks overflows",
            new GgufBytes().info("t", 0, 0, 1L << 62).bytes(),
            "overflows"),
        Arguments.of("a type removed", new GgufBytes().info("t", 4, 0, 32).bytes(), "number 4"),
        Arguments.of("a type unknown", new GgufBytes().info("t", 99, 0, 32).bytes(), "number 99"),
        Arguments.of(
            "half a block", new GgufBytes().info("t", 8, 0, 48).bytes(), "no multiple of the 32"),
        Arguments.of(
            "beyond the end", new GgufBytes().info("t", 0, 0, 1000).bytes(), "model.gguf ends at"),
        Arguments.of(
            "offset 2^64 - 32",
            new GgufBytes().info("t", 0, -32, 8).bytes(),
            "offset 18446744073709551584"),
        Arguments.of(
            "overlap",
            new GgufBytes().tensor("t", 0, new byte[64], 16).info("u", 0, 32, 8).bytes(),
            "begins at data offset 32"),
        Arguments.of(
            "gap",
            new GgufBytes().tensor("t", 0, new byte[64], 8).info("u", 0, 64, 8).bytes(),
            "begins at data offset 64"),
        Arguments.of(
            "a tensor twice",
            new GgufBytes().tensor("t", 0, new byte[32], 8).info("t", 0, 32, 8).bytes(),
            "given twice"),
        Arguments.of(
            "bytes behind",
            Arrays.copyOf(sound().bytes(), sound().bytes().length + 100),
            "belong to no tensor"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void aLieIsAProblemThatSaysWhere(String lie, byte[] bytes, String said) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(GgufProblem.class)
        .hasMessageContaining(said)
        .satisfies(
            problem ->
                assertThat(((GgufProblem) problem).members()).containsEntry("file", "model.gguf"));
  }

  @Test
  void everyTruncationIsAProblem() {
    byte[] whole = sound().bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> open(cut)).isInstanceOf(GgufProblem.class);
    }
  }

  @Test
  void aScaleThatIsNotFiniteIsAProblem() throws Exception {
    byte[] block = new byte[34];
    block[1] = 0x7e;
    block[2] = 1;
    try (GgufFile file = open(new GgufBytes().tensor("t", 8, block, 32).bytes())) {
      assertThatThrownBy(() -> file.read(file.tensor("t"), 0, 1, new float[32], 0))
          .isInstanceOf(GgufProblem.BadTensor.class)
          .hasMessageContaining("not finite");
    }
  }

  @Test
  void aFileCutWhileItIsReadIsAProblem() throws Exception {
    byte[] whole = sound().bytes();
    try (GgufFile file = open(whole)) {
      Files.write(folder.resolve("model.gguf"), Arrays.copyOf(whole, whole.length - 40));
      assertThatThrownBy(() -> file.read(file.tensor("second"), 0, 2, new float[64], 0))
          .isInstanceOf(GgufProblem.Truncated.class);
    }
  }
}
