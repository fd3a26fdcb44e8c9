package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import java.util.Set;

/**
 * The work of some steps of an import. Calls compute and block. The same task of the same import
 * brings the same result whoever does it.
 */
public interface StepWork {
  /** The steps whose tasks are done here. */
  Set<ImportStep> steps();

  /** The steps whose results a task of {@code step} reads. */
  Set<ImportStep> reads(ImportStep step);

  /**
   * Does a task.
   *
   * @return what is to be stored, of the step's {@link StepResults#type}
   * @throws dev.facet.kernel.problem.DomainProblem if the import cannot go on
   */
  Object perform(ImportedModel model, TaskKey task, StepResults earlier);
}
