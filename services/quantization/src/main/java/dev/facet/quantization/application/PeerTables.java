package dev.facet.quantization.application;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.PeerTable;
import dev.facet.quantization.domain.source.CheckpointSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What is known of other tools' quantizations of a model: {@value #FILE} beside the checkpoint.
 * Calls block.
 */
@ApplicationScoped
class PeerTables {
  static final String FILE = "peers.json";
  private static final Logger LOG = Logger.getLogger(PeerTables.class);
  private static final long LARGEST = 1 << 20;

  private final ModelFolders folders;
  private final ObjectMapper json =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  PeerTables(ModelFolders folders) {
    this.folders = folders;
  }

  /** The table; empty if there is none that can be read. */
  Optional<PeerTable> of(ImportedModel model) {
    Path file = folders.resolve(CheckpointSource.parse(model.source())).resolve(FILE);
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LARGEST
          ? Optional.of(json.readValue(file.toFile(), PeerTable.class))
          : Optional.empty();
    } catch (IOException e) {
      LOG.warnf("%s of %s is left out of its report: %s", FILE, model.id(), e.getMessage());
      return Optional.empty();
    }
  }
}
