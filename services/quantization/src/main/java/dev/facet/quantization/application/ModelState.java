package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.Fetch;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportState;
import dev.facet.quantization.domain.importing.ImportedModel;

/**
 * What there is under an id: a model, or one whose files are still fetched.
 *
 * @param model null while there is none
 * @param fetch null unless that is all there is
 */
public record ModelState(ImportedModel model, Fetch fetch) {
  public static ModelState of(ImportedModel model) {
    return new ModelState(model, null);
  }

  public static ModelState of(Fetch fetch) {
    return new ModelState(null, fetch);
  }

  /**
   * The one that counts of two: a running fetch replaces a failed model, any model a failed fetch.
   *
   * @return null if there is neither
   */
  static ModelState of(ImportedModel model, Fetch fetch) {
    boolean imported = model != null && model.course().state() != ImportState.FAILED;
    if (fetch == null || imported || model != null && !fetch.isRunning()) {
      return model == null ? null : of(model);
    }
    return of(fetch);
  }

  public ImportCourse course() {
    return model == null ? fetch.course() : model.course();
  }
}
