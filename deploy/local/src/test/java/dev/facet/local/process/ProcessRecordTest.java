package dev.facet.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRecordTest {

  @TempDir private Path folder;
  private ProcessHandle process;
  private ProcessRecord written;

  @BeforeEach
  void startProcess() throws IOException {
    process = new ProcessBuilder("sleep", "60").directory(folder.toFile()).start().toHandle();
    written = ProcessRecord.of("part", process, folder.toRealPath(), 1234);
  }

  @AfterEach
  void endProcess() {
    process.destroyForcibly();
  }

  @Test
  void findsTheProcessThatWasRecorded() {
    assertThat(written.find()).contains(process);
  }

  @Test
  void doesNotFindAProcessThatHasEnded() {
    // Given
    process.destroyForcibly();

    // When
    boolean ended = Termination.ended(process, Duration.ofSeconds(5));

    // Then
    assertThat(ended).isTrue();
    assertThat(written.find()).isEmpty();
  }

  @Test
  void takesAProcessThatStartedAtAnotherTimeForAStranger() {
    // Given
    Instant earlier = written.startedAt().minus(Duration.ofMinutes(1));

    // When
    var reused = new ProcessRecord("part", written.pid(), earlier, written.directory(), 1234);

    // Then
    assertThat(reused.find()).isEmpty();
  }

  @Test
  void takesAProcessThatWorksElsewhereForAStranger() {
    // When
    var elsewhere =
        new ProcessRecord("part", written.pid(), written.startedAt(), Path.of("/elsewhere"), 1234);

    // Then
    assertThat(WorkingDirectory.of(process.pid())).isPresent();
    assertThat(elsewhere.find()).isEmpty();
  }
}
