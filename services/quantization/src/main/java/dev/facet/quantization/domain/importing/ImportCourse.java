package dev.facet.quantization.domain.importing;

import java.util.Objects;

/**
 * How far an import has come. Immutable.
 *
 * @param total tasks, the completion included
 * @param done tasks whose result is stored
 * @param lastDone the latest of them; null at first
 * @param failure what stopped it; null unless failed
 */
public record ImportCourse(
    ImportState state, int total, int done, String lastDone, ImportFailure failure) {

  /**
   * @param groupTasks tasks before the completion, at least one
   */
  public static ImportCourse begin(int groupTasks) {
    if (groupTasks < 1) {
      throw new IllegalArgumentException("an import without tensor groups");
    }
    return new ImportCourse(ImportState.IMPORTING, groupTasks + 1, 0, null, null);
  }

  /**
   * One more tensor group is encoded.
   *
   * @throws IllegalStateException if none was open
   */
  public ImportCourse groupDone(TaskKey task) {
    require(state == ImportState.IMPORTING && !readyToComplete(), "no tensor group is open");
    return new ImportCourse(state, total, done + 1, task.toString(), null);
  }

  /** Whether only the completion is left. */
  public boolean readyToComplete() {
    return state == ImportState.IMPORTING && done == total - 1;
  }

  /**
   * The completion is done.
   *
   * @throws IllegalStateException if tensor groups are open or the import has ended
   */
  public ImportCourse published() {
    require(readyToComplete(), "tensor groups are open");
    return new ImportCourse(
        ImportState.PUBLISHED, total, total, TaskKey.COMPLETION.toString(), null);
  }

  /**
   * A problem ends the import.
   *
   * @throws IllegalStateException if it has ended before
   */
  public ImportCourse failed(ImportFailure why) {
    require(state == ImportState.IMPORTING, "the import has ended");
    return new ImportCourse(ImportState.FAILED, total, done, lastDone, Objects.requireNonNull(why));
  }

  private void require(boolean allowed, String otherwise) {
    if (!allowed) {
      throw new IllegalStateException(
          "%s: %s, %d of %d tasks done".formatted(otherwise, state.label(), done, total));
    }
  }
}
