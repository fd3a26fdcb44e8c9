package dev.facet.local.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {

  @Test
  void isHeldByOneAtATimeAndLeavesNoFile(@TempDir Path folder) throws IOException {
    // Given
    Path file = folder.resolve("lock");
    DataLock first = DataLock.take(file).orElseThrow();

    // When
    Optional<DataLock> second = DataLock.take(file);
    first.close();
    Optional<DataLock> third = DataLock.take(file);

    // Then
    assertThat(second).isEmpty();
    assertThat(third).isPresent();
    third.orElseThrow().close();
    assertThat(file).doesNotExist();
  }
}
