package dev.facet.quantization.application;

import dev.facet.quantization.config.ValidationConfig;
import dev.facet.quantization.domain.importing.ImportedModel;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The text a model is measured on: the one given with its import, else the service's own. */
@ApplicationScoped
public class HeldOutText {
  private static final Logger LOG = Logger.getLogger(HeldOutText.class);

  private final BlobStore blobs;
  private final ValidationConfig config;

  HeldOutText(BlobStore blobs, ValidationConfig config) {
    this.blobs = blobs;
    this.config = config;
  }

  /** The text, or empty if there is none. Blocks. */
  public Optional<String> of(ImportedModel model) {
    if (model.heldOutText() != null) {
      return Optional.of(
          new String(blobs.read(model.heldOutText().sha256()), StandardCharsets.UTF_8));
    }
    return config.text().flatMap(HeldOutText::read);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      LOG.warnf("models are published unmeasured: cannot read facet.validation.text %s", file);
      return Optional.empty();
    }
  }
}
