package dev.facet.streaming;

import static org.awaitility.Awaitility.await;

import dev.facet.kernel.event.DomainEvent;
import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.kernel.testing.TestEvents;
import dev.facet.streaming.application.PublishedModels;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;

/** The running service with both sample models published. */
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(BlobFolderResource.class)
abstract class StreamingComponentTest {
  @Inject @Any InMemoryConnector connector;
  @Inject PublishedModels models;

  @TestHTTPResource URL origin;

  @BeforeEach
  void publish() throws Exception {
    for (SampleModels model : List.of(SampleModels.SMALL, SampleModels.LARGE)) {
      if (models.now().find(id(model), model.published().revision()).isEmpty()) {
        tell(model.published());
      }
      await().until(() -> models.now().find(id(model), model.published().revision()).isPresent());
    }
  }

  private static ModelId id(SampleModels model) {
    return new ModelId(model.published().model());
  }

  void tell(DomainEvent event) throws Exception {
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    connector
        .source("model-published")
        .runOnVertxContext(true)
        .send(TestEvents.message(event, UUID.randomUUID(), outcome));
    outcome.get(20, TimeUnit.SECONDS);
  }

  /** Bodies of events told so far. */
  List<String> told() {
    return connector.sink("outbox").received().stream()
        .map(message -> new String((byte[]) message.getPayload(), StandardCharsets.UTF_8))
        .toList();
  }
}
