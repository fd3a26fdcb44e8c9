package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.domain.importing.ImportCourse;
import io.smallrye.mutiny.Multi;

/** Shows how imports come on, whichever replica does the work. */
public interface ProgressFeed {
  /**
   * The course now and after each change, up to the one that is final. Fails with {@link
   * dev.facet.kernel.problem.NotFound} when there is no such model, ends when it is withdrawn.
   */
  Multi<ImportCourse> follow(ModelId id);
}
