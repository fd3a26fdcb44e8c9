package dev.facet.streaming.adapter.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  @TempDir Path folder;

  @Test
  void isMadeOnceAndReadableByItsOwnerAlone() throws Exception {
    Path file = folder.resolve("deep/er/key.pem");
    KeyPair made = new KeyFile(file).loadOrCreate();
    KeyPair read = new KeyFile(file).loadOrCreate();

    assertThat(read.getPublic()).isEqualTo(made.getPublic());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void replicasThatStartAtOnceShareOneKey() {
    Path file = folder.resolve("key.pem");
    Set<String> keys =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(i -> new KeyFile(file).loadOrCreate().getPublic().toString())
            .collect(Collectors.toSet());

    assertThat(keys).hasSize(1);
  }

  @Test
  void aFileWithoutAKeyIsRefusedAndKept() throws Exception {
    Path file = Files.writeString(folder.resolve("key.pem"), "nothing of use");

    assertThatThrownBy(() -> new KeyFile(file).loadOrCreate())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("key.pem");
    assertThat(file).hasContent("nothing of use");
  }
}
