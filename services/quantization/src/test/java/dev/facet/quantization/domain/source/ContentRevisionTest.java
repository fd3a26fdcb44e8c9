package dev.facet.quantization.domain.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.kernel.identity.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentRevisionTest {
  @TempDir Path folder;
  @TempDir Path other;

  @Test
  void isTheDigestOfAListOfDigests() throws IOException {
    Path a = write(folder, "a.json", "{}");
    String line = Digest.of("{}".getBytes(StandardCharsets.UTF_8)).hex() + " a.json\n";

    assertThat(ContentRevision.of(List.of(a)))
        .isEqualTo(Digest.of(line.getBytes(StandardCharsets.UTF_8)).abbreviated());
  }

  @Test
  void dependsOnContentAndNamesAlone() throws IOException {
    List<Path> files = List.of(write(folder, "a", "1"), write(folder, "b", "2"));
    List<Path> elsewhere = List.of(write(other, "a", "1"), write(other, "b", "2"));
    String revision = ContentRevision.of(files);

    assertThat(ContentRevision.of(elsewhere)).isEqualTo(revision);
    write(folder, "b", "3");
    assertThat(ContentRevision.of(files)).isNotEqualTo(revision).hasSize(12);
  }

  private static Path write(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
