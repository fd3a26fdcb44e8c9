package dev.facet.quantization.application;

import dev.facet.kernel.event.ImportCompletionRequested;
import dev.facet.kernel.outbox.Outbox;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.Publication;
import dev.facet.quantization.domain.importing.TaskKey;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Indexes, measures and publishes a model whose tensor groups are all encoded. */
@ApplicationScoped
public class CompleteImport {
  private static final Logger LOG = Logger.getLogger(CompleteImport.class);

  private final TaskExecution execution;
  private final ModelRepository models;
  private final TaskRepository tasks;
  private final LadderPublishing publishing;
  private final Outbox outbox;

  CompleteImport(
      TaskExecution execution,
      ModelRepository models,
      TaskRepository tasks,
      LadderPublishing publishing,
      Outbox outbox) {
    this.execution = execution;
    this.models = models;
    this.tasks = tasks;
    this.publishing = publishing;
    this.outbox = outbox;
  }

  /** Does the task, unless it is done, in other hands or gone. */
  public Uni<Void> on(ImportCompletionRequested request) {
    return execution.perform(request.importId(), TaskKey.COMPLETION, this::measure, this::publish);
  }

  private Uni<Publication> measure(ImportedModel model) {
    return Panache.withSession(() -> tasks.results(model.importId()))
        .chain(results -> publishing.publication(model, results));
  }

  private Uni<Void> publish(Claim claim, Publication publication) {
    ImportTask task = claim.task();
    ImportedModel published = claim.model().publish(publication);
    return tasks
        .replace(task, task.finish())
        .chain(held -> held ? tell(published) : Uni.createFrom().voidItem());
  }

  /** The tasks have served: what they brought is in the publication and in the index blobs. */
  private Uni<Void> tell(ImportedModel published) {
    LOG.infof("%s is published as revision %s", published.id(), published.revision());
    return models
        .update(published)
        .chain(() -> tasks.removeAll(published.importId()))
        .chain(() -> outbox.append(published.toEvent()));
  }
}
