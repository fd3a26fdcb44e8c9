package dev.facet.kernel.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event has a schema and a sample; samples are never edited, a new version adds its own. */
class EventSchemasTest {
  private final ObjectMapper json = new ObjectMapper();
  private final EventCodec codec = new EventCodec();

  static Stream<Named<Class<? extends DomainEvent>>> events() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.facet.kernel.event")
            .stream()
            .filter(type -> type.isAssignableTo(DomainEvent.class) && !type.isInterface())
            .map(EventSchemasTest::event);
  }

  @ParameterizedTest
  @MethodSource("events")
  void sampleIsValid(Class<? extends DomainEvent> event) throws Exception {
    String sample = json.writeValueAsString(sample(event));

    assertThat(schema(event).validate(sample, InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("events")
  void sampleIsReadAndWrittenBackAlike(Class<? extends DomainEvent> event) throws Exception {
    JsonNode sample = sample(event);

    DomainEvent read = read(event, sample);

    assertThat(read.type()).isEqualTo(type(event));
    assertThat(json.readTree(codec.write(read))).isEqualTo(sample);
  }

  @ParameterizedTest
  @MethodSource("events")
  void fieldsOfLaterVersionsAreIgnored(Class<? extends DomainEvent> event) throws Exception {
    ObjectNode later = sample(event);
    later.putObject("addedLater").put("by", "a later version");

    assertThat(schema(event).validate(json.writeValueAsString(later), InputFormat.JSON)).isEmpty();
    assertThat(read(event, later)).isEqualTo(read(event, sample(event)));
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyTopLevelFieldIsRequired(Class<? extends DomainEvent> event) throws Exception {
    for (String field : sample(event).properties().stream().map(e -> e.getKey()).toList()) {
      ObjectNode poorer = sample(event);
      poorer.remove(field);

      assertThat(schema(event).validate(json.writeValueAsString(poorer), InputFormat.JSON))
          .as("without " + field)
          .isNotEmpty();
    }
  }

  private DomainEvent read(Class<? extends DomainEvent> event, JsonNode body) throws Exception {
    return codec.body(
        new EventEnvelope(
            UUID.randomUUID(), type(event), Instant.now(), json.writeValueAsBytes(body)),
        event);
  }

  private static Schema schema(Class<? extends DomainEvent> event) throws Exception {
    try (InputStream schema = resource("/schemas/" + path(event))) {
      return SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12,
              builder ->
                  builder.schemaRegistryConfig(
                      SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
          .getSchema(schema, InputFormat.JSON);
    }
  }

  private ObjectNode sample(Class<? extends DomainEvent> event) throws Exception {
    try (InputStream sample = resource("/samples/" + path(event))) {
      return (ObjectNode) json.readTree(sample);
    }
  }

  /** {@code model.published.v1} lies at {@code model.published/v1.json}. */
  private static String path(Class<? extends DomainEvent> event) throws Exception {
    String type = type(event);
    int version = type.lastIndexOf('.');
    return type.substring(0, version) + "/" + type.substring(version + 1) + ".json";
  }

  private static InputStream resource(String path) throws IOException {
    InputStream found = EventSchemasTest.class.getResourceAsStream(path);
    assertThat(found).as("resource " + path).isNotNull();
    return found;
  }

  private static String type(Class<? extends DomainEvent> event) throws Exception {
    return (String) event.getField("TYPE").get(null);
  }

  private static Named<Class<? extends DomainEvent>> event(JavaClass type) {
    return Named.of(type.getSimpleName(), type.reflect().asSubclass(DomainEvent.class));
  }
}
