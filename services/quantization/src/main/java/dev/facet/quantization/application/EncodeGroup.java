package dev.facet.quantization.application;

import dev.facet.kernel.event.TensorGroupRequested;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.TaskKey;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Encodes one tensor group for one ladder and stores its shards. */
@ApplicationScoped
public class EncodeGroup {
  private final TaskExecution execution;
  private final GroupEncoding encoding;
  private final ModelRepository models;
  private final TaskRepository tasks;
  private final OfferTasks offers;

  EncodeGroup(
      TaskExecution execution,
      GroupEncoding encoding,
      ModelRepository models,
      TaskRepository tasks,
      OfferTasks offers) {
    this.execution = execution;
    this.encoding = encoding;
    this.models = models;
    this.tasks = tasks;
    this.offers = offers;
  }

  /** Does the task, unless it is done, in other hands or gone. */
  public Uni<Void> on(TensorGroupRequested request) {
    TaskKey key = new TaskKey(request.ladder(), request.group());
    return execution.perform(
        request.importId(), key, model -> encoding.encode(model, key), this::store);
  }

  private Uni<Void> store(Claim claim, GroupResult result) {
    ImportTask task = claim.task();
    return tasks
        .finish(task, task.finish(), result)
        .chain(held -> held ? advance(claim) : Uni.createFrom().voidItem());
  }

  /** Counts the group; whoever counts the last one offers the completion. */
  private Uni<Void> advance(Claim claim) {
    ImportCourse course = claim.model().course().groupDone(claim.task().key());
    Uni<Void> counted = models.update(claim.model().with(course));
    return course.readyToComplete() ? counted.chain(() -> offerCompletion(claim)) : counted;
  }

  private Uni<Void> offerCompletion(Claim claim) {
    return tasks
        .find(claim.task().importId(), TaskKey.COMPLETION)
        .chain(
            blocked -> {
              ImportTask offered = blocked.unblock(Instant.now());
              return tasks.replace(blocked, offered).chain(() -> offers.tell(List.of(offered)));
            });
  }
}
