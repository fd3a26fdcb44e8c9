package dev.facet.quantization.domain.source;

import dev.facet.kernel.identity.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * Names a checkpoint's content: the SHA-256 over a line {@code <SHA-256> <file name>} for each of
 * its files, of which the first 12 digits are the revision. Where the files lie and when they were
 * written does not count.
 */
public final class ContentRevision {
  private static final int CHUNK = 1 << 20;

  private ContentRevision() {}

  /**
   * @param files in a fixed order
   * @throws IOException if one cannot be read to its end
   */
  public static String of(List<Path> files) throws IOException {
    MessageDigest all = Digest.sha256();
    for (Path file : files) {
      String line = digest(file) + " " + file.getFileName() + "\n";
      all.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return new Digest(HexFormat.of().formatHex(all.digest())).abbreviated();
  }

  private static String digest(Path file) throws IOException {
    MessageDigest one = Digest.sha256();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        one.update(chunk, 0, read);
      }
    }
    return HexFormat.of().formatHex(one.digest());
  }
}
