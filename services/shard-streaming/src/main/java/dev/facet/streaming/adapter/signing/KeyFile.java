package dev.facet.streaming.adapter.signing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PEM file (RFC 7468) with a PRIVATE KEY and its PUBLIC KEY, readable by its owner alone. */
final class KeyFile {
  private static final String ALGORITHM = "Ed25519";

  private final Path path;

  KeyFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  /**
   * The key pair; made and written if there is no file yet. When two replicas start at once, the
   * first to write wins and the other reads.
   *
   * @throws IllegalStateException if the file holds no usable pair
   */
  KeyPair loadOrCreate() {
    try {
      if (Files.notExists(path)) {
        create();
      }
      return parse(Files.readString(path, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or write the signing key " + path, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no usable Ed25519 key pair in " + path, e);
    }
  }

  private void create() throws IOException, GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    String pem =
        pem("PRIVATE KEY", pair.getPrivate().getEncoded())
            + pem("PUBLIC KEY", pair.getPublic().getEncoded());
    Files.createDirectories(path.getParent());
    Path complete = privateTemporary();
    try {
      Files.writeString(complete, pem, StandardCharsets.US_ASCII);
      Files.createLink(path, complete);
    } catch (FileAlreadyExistsException e) {
      return;
    } finally {
      Files.delete(complete);
    }
  }

  /** Temporary files are readable by their owner alone wherever the file system knows owners. */
  private Path privateTemporary() throws IOException {
    Path file = Files.createTempFile(path.getParent(), "signing-key", ".pem");
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return file;
  }

  private static String pem(String label, byte[] content) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label);
  }

  private static KeyPair parse(String pem) throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
    return new KeyPair(
        factory.generatePublic(new X509EncodedKeySpec(section(pem, "PUBLIC KEY"))),
        factory.generatePrivate(new PKCS8EncodedKeySpec(section(pem, "PRIVATE KEY"))));
  }

  private static byte[] section(String pem, String label) throws GeneralSecurityException {
    Matcher section =
        Pattern.compile("-----BEGIN %s-----([^-]+)-----END %s-----".formatted(label, label))
            .matcher(pem);
    if (!section.find()) {
      throw new GeneralSecurityException("no section " + label);
    }
    return Base64.getMimeDecoder().decode(section.group(1));
  }
}
