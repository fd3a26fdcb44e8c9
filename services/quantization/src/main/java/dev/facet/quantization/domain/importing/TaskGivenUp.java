package dev.facet.quantization.domain.importing;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A task that was begun too often and never ended. */
public final class TaskGivenUp extends DomainProblem {
  private static final long serialVersionUID = 1L;

  /**
   * @param attempts how often it was begun
   */
  public TaskGivenUp(TaskKey task, int attempts) {
    super(
        "task-given-up",
        500,
        "Task given up",
        "The task %s was begun %d times and never ended; the service's log says why."
            .formatted(task, attempts),
        Map.of("task", task.toString(), "attempts", attempts));
  }
}
