package dev.facet.local.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @Test
  void isMadeForItsOwnerOnly(@TempDir Path folder) throws IOException {
    // When
    DataDirectory data = DataDirectory.prepare(folder.resolve("a/b c"));

    // Then
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.path())))
        .isEqualTo("rwx------");
    assertThat(data.logs()).isDirectory();
  }

  @Test
  void saysWhatIsWrongWhereAFileIsInTheWay(@TempDir Path folder) throws IOException {
    // Given
    Path file = Files.createFile(folder.resolve("file"));

    // Then
    assertThatThrownBy(() -> DataDirectory.prepare(file.resolve("data")))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("--data DIR");
  }
}
