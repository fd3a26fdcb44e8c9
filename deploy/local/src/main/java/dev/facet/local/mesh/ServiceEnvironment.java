package dev.facet.local.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The environment variables by which a service learns where everything is. */
final class ServiceEnvironment {

  private static final String VALIDATION_TEXT = "FACET_VALIDATION_TEXT";

  private final DataDirectory data;
  private final Path models;
  private final Secrets secrets;
  private final int databasePort;
  private final int kafkaPort;
  private final Path validationText;
  private final Map<String, String> additional;

  ServiceEnvironment(
      DataDirectory data,
      Path models,
      Secrets secrets,
      int databasePort,
      int kafkaPort,
      Path validationText,
      Map<String, String> additional) {
    this.data = data;
    this.models = models;
    this.secrets = secrets;
    this.databasePort = databasePort;
    this.kafkaPort = kafkaPort;
    this.validationText = validationText;
    this.additional = additional;
  }

  /** Variables for one process; those of the launcher's own environment are inherited besides. */
  Map<String, String> of(Service service, int port) throws IOException {
    Map<String, String> variables = new HashMap<>(defaults());
    variables.putAll(additional);
    variables.put("QUARKUS_HTTP_HOST", MeshOptions.LOOPBACK);
    variables.put("QUARKUS_HTTP_PORT", String.valueOf(port));
    variables.put("QUARKUS_LOG_CONSOLE_COLOR", "false");
    variables.put("KAFKA_BOOTSTRAP_SERVERS", MeshOptions.LOOPBACK + ":" + kafkaPort);
    variables.put(
        "FACET_DATABASE_URL",
        "postgresql://%s:%d/%s".formatted(MeshOptions.LOOPBACK, databasePort, service.database()));
    variables.put("FACET_DATABASE_USER", service.database());
    variables.put("FACET_DATABASE_PASSWORD", secrets.get("database"));
    variables.put("FACET_BLOBS_DIR", data.blobs().toString());
    variables.put("FACET_MODELS_DIR", models.toString());
    variables.put("FACET_SOURCES_DIR", data.sources().toString());
    variables.put("FACET_SESSION_SECRET", secrets.get("session"));
    variables.put("FACET_SIGNING_KEY_FILE", secrets.signingKey().toString());
    return variables;
  }

  /** What a variable of the launcher's own environment would override. */
  private Map<String, String> defaults() {
    boolean named = System.getenv(VALIDATION_TEXT) != null || Files.notExists(validationText);
    return named ? Map.of() : Map.of(VALIDATION_TEXT, validationText.toString());
  }
}
