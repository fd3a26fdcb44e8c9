package dev.facet.local.mesh;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The state of the mesh on disk; replaced as a whole, so that readers never see half of it. */
public final class StateFile {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Path file;

  public StateFile(Path file) {
    this.file = file;
  }

  /** The state, or empty when there is none or it cannot be read. */
  public Optional<MeshState> read() {
    try {
      return Optional.of(JSON.readValue(file.toFile(), MeshState.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  synchronized void write(MeshState state) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    JSON.writeValue(draft.toFile(), state);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  synchronized void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
