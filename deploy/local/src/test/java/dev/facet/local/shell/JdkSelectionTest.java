package dev.facet.local.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkSelectionTest {

  private static final Path SCRIPT =
      Path.of(System.getProperty("facet.root"), "deploy/local/shell/jdk.sh").normalize();

  @TempDir private Path folder;

  @Test
  void takesTheNewestThatIsTested() throws Exception {
    assertThat(best(jdk("a 17", "17.0.9"), jdk("b", "25.0.1"), jdk("c", "21"))).endsWith("b");
  }

  @Test
  void prefersAReleaseThatIsTestedToANewerOne() throws Exception {
    assertThat(best(jdk("new", "27-ea"), jdk("tested", "25"))).endsWith("tested");
  }

  @Test
  void takesAnOlderOneBeforeAnUntestedOnlyWhenNewEnough() throws Exception {
    assertThat(best(jdk("eight", "1.8.0_402"), jdk("eleven", "11.0.2"), jdk("new", "27")))
        .endsWith("new");
  }

  @Test
  void ignoresARuntimeWithoutACompiler() throws Exception {
    // Given
    Path runtime = jdk("runtime", "25");
    Files.delete(runtime.resolve("bin/javac"));

    // Then
    assertThat(best(runtime, jdk("full", "17"))).endsWith("full");
  }

  @Test
  void findsNothingWhereNothingIsNewEnough() throws Exception {
    assertThat(best(jdk("old", "11.0.2"), folder.resolve("absent"))).isEmpty();
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    for (String program : List.of("java", "javac")) {
      Files.createFile(
          home.resolve("bin").resolve(program),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    return home;
  }

  private static String best(Path... homes) throws Exception {
    Process bash =
        new ProcessBuilder(
                "bash", "-euo", "pipefail", "-c", ". \"$1\"; best_jdk", "bash", SCRIPT.toString())
            .redirectErrorStream(true)
            .start();
    try (var in = bash.outputWriter()) {
      for (Path home : homes) {
        in.write(home + "\n");
      }
    }
    String output = new String(bash.getInputStream().readAllBytes());
    assertThat(bash.waitFor()).isZero();
    return output;
  }
}
