package dev.facet.telemetry.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.facet.telemetry.TestBatches;
import dev.facet.telemetry.domain.measurement.MalformedTelemetry;
import dev.facet.telemetry.domain.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published schema says of a batch what the service does. */
class BatchSchemaTest {
  private static final Schema SCHEMA = schema();

  private final BatchReader reader = new BatchReader(50);

  @Test
  void whatBrowsersSendIsValid() {
    ObjectNode batch =
        TestBatches.batchOf(
            "token",
            TestBatches.load("docs-29m", "full-4"),
            TestBatches.generation("docs-29m", "full-4", 40),
            TestBatches.failure("docs-29m"));

    assertThat(SCHEMA.validate(batch.toString(), InputFormat.JSON)).isEmpty();
    assertThat(read(batch)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "id, '\"x\"'",
    "at, '\"yesterday\"'",
    "type, '\"other\"'",
    "plan, null",
    "model, '\"../../etc/passwd\"'",
    "point, '\"a b\"'",
    "backend, '\"cuda\"'",
    "pinned, '\"yes\"'",
    "promptTokens, 1.5",
    "tokens, -1",
    "timeToFirstTokenMs, -0.1",
    "prefillMsPerToken, true",
    "decodeMsPerToken, 1e300",
  })
  void bothRefuse(String field, String value) throws Exception {
    ObjectNode event = TestBatches.generation("docs-29m", "full-4", 40);
    event.set(field, new ObjectMapper().readTree(value));
    ObjectNode batch = TestBatches.batchOf("token", event);

    assertThat(SCHEMA.validate(batch.toString(), InputFormat.JSON)).isNotEmpty();
    assertThatThrownBy(() -> read(batch)).isInstanceOf(MalformedTelemetry.class);
  }

  private int read(ObjectNode batch) {
    byte[] body = batch.toString().getBytes(StandardCharsets.UTF_8);
    return reader.read(body, Instant.now()).reports(new Session("s", "wasm")).size();
  }

  private static Schema schema() {
    String path = "/META-INF/resources/v1/telemetry/schema.json";
    try (InputStream text = BatchSchemaTest.class.getResourceAsStream(path)) {
      return SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12,
              builder ->
                  builder.schemaRegistryConfig(
                      SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
          .getSchema(text, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
