package dev.facet.streaming.adapter.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.Digest;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClasspathKernelsTest {
  private static final byte[] WGSL = "fn main() {}".getBytes();

  @TempDir Path root;

  private ClasspathKernels kernels(String name, String digest, long bytes) throws IOException {
    Path folder = Files.createDirectories(root.resolve("META-INF/facet/kernels"));
    Files.write(folder.resolve("a.wgsl"), WGSL);
    Files.writeString(
        folder.resolve("kernels.json"),
        """
        {"revision":"0a1b2c3d4e5f","builtWith":"unknown fields pass",
         "modules":[{"name":"%s","kind":"wgsl","backend":"webgpu","sha256":"%s","bytes":%d}]}
        """
            .formatted(name, digest, bytes));
    return load();
  }

  private ClasspathKernels load() throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {root.toUri().toURL()}, null)) {
      return new ClasspathKernels(loader);
    }
  }

  @Test
  void servesWhatIsListed() throws IOException {
    Digest digest = Digest.of(WGSL);
    ClasspathKernels kernels = kernels("a.wgsl", digest.hex(), WGSL.length);

    assertThat(kernels.kernels().orElseThrow().revision()).isEqualTo("0a1b2c3d4e5f");
    assertThat(kernels.find(digest).orElseThrow().content()).isEqualTo(WGSL);
    assertThat(kernels.find(Digest.of(new byte[1]))).isEmpty();
  }

  @Test
  void startsWithoutAnyKernels() throws IOException {
    assertThat(load().kernels()).isEmpty();
  }

  @Test
  void refusesAWrongDigestOrLength() {
    assertThatThrownBy(() -> kernels("a.wgsl", "0".repeat(64), WGSL.length))
        .hasMessageContaining("a.wgsl is not what kernels.json says");
    assertThatThrownBy(() -> kernels("a.wgsl", Digest.of(WGSL).hex(), 1))
        .hasMessageContaining("a.wgsl is not what kernels.json says");
  }

  @Test
  void refusesAMissingFileAndOneOutsideTheFolder() {
    String digest = Digest.of(WGSL).hex();
    assertThatThrownBy(() -> kernels("b.wgsl", digest, 1)).hasMessageContaining("missing: b.wgsl");
    assertThatThrownBy(() -> kernels("../kernels/a.wgsl", digest, WGSL.length))
        .hasMessageContaining("outside its folder");
  }
}
