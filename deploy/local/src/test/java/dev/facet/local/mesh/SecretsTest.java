package dev.facet.local.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

  @Test
  void keepsEachSecretForItsOwnerOnly(@TempDir Path folder) throws IOException {
    // Given
    Secrets secrets = new Secrets(folder.resolve("secrets"));

    // When
    String session = secrets.get("session");

    // Then
    assertThat(session).matches("[0-9a-f]{64}").isNotEqualTo(secrets.get("database"));
    assertThat(new Secrets(folder.resolve("secrets")).get("session")).isEqualTo(session);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.file("session"))))
        .isEqualTo("rw-------");
  }
}
