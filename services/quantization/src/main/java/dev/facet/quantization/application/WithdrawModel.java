package dev.facet.quantization.application;

import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.outbox.Outbox;
import dev.facet.kernel.problem.NotFound;
import dev.facet.quantization.domain.importing.ImportedModel;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Takes a model back. Its blobs stay: other models and running downloads may share them. */
@ApplicationScoped
public class WithdrawModel {
  private final ModelRepository models;
  private final Outbox outbox;

  WithdrawModel(ModelRepository models, Outbox outbox) {
    this.models = models;
    this.outbox = outbox;
  }

  /** Removes the model, ends a running import and tells the others; fails with {@link NotFound}. */
  public Uni<Void> withdraw(ModelId id) {
    return Panache.withTransaction(
        () ->
            models
                .lock(id)
                .onItem()
                .ifNull()
                .failWith(() -> new NotFound("model", id.value()))
                .chain(model -> models.remove(model).chain(() -> tell(model))));
  }

  /** Others know only of published models. */
  private Uni<Void> tell(ImportedModel model) {
    return model.publication() != null
        ? outbox.append(new ModelWithdrawn(model.id().value(), Instant.now()))
        : Uni.createFrom().voidItem();
  }
}
