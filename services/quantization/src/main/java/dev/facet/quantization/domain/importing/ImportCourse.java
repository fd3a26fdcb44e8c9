package dev.facet.quantization.domain.importing;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How far an import has come. Work is counted in the tasks' costs. Immutable.
 *
 * @param total work of the present stage: up to the first edition, or from there to the last
 * @param done what of it is done
 * @param lastDone the task done last; null at first
 * @param stageBegan when the present stage began
 * @param improvement work of the second stage; 0 if there is none
 * @param failure what stopped it; null unless something did
 */
public record ImportCourse(
    ImportState state,
    long total,
    long done,
    String lastDone,
    Instant stageBegan,
    long improvement,
    ImportFailure failure) {

  /**
   * @param first work up to the first edition
   * @param improvement work from there to the last; 0 if the first is the last
   */
  public static ImportCourse begin(long first, long improvement, Instant now) {
    if (first < 1 || improvement < 0) {
      throw new IllegalArgumentException("an import without work");
    }
    return new ImportCourse(ImportState.IMPORTING, first, 0, null, now, improvement, null);
  }

  /**
   * Files are being fetched; done and total count bytes.
   *
   * @param total 0 while unknown
   */
  public static ImportCourse fetching(long done, long total, Instant began) {
    return new ImportCourse(ImportState.FETCHING, total, done, null, began, 0, null);
  }

  /**
   * A task is done that publishes nothing.
   *
   * @throws IllegalStateException if the import has ended
   */
  public ImportCourse taskDone(ImportTask task) {
    require(!state.isFinal(), "the import has ended");
    long sum = Math.min(total, done + task.cost());
    return new ImportCourse(
        state, total, sum, task.key().toString(), stageBegan, improvement, null);
  }

  /**
   * An edition is published.
   *
   * @throws IllegalStateException if the import has ended
   */
  public ImportCourse published(TaskKey by, Instant now) {
    require(!state.isFinal(), "the import has ended");
    return state == ImportState.IMPORTING && improvement > 0
        ? new ImportCourse(
            ImportState.IMPROVING, improvement, 0, by.toString(), now, improvement, null)
        : new ImportCourse(
            ImportState.PUBLISHED, total, total, by.toString(), stageBegan, improvement, null);
  }

  /**
   * A problem ends the import; an edition that is published stays.
   *
   * @throws IllegalStateException if it has ended before
   */
  public ImportCourse failed(ImportFailure why) {
    require(!state.isFinal(), "the import has ended");
    ImportState end = state == ImportState.IMPROVING ? ImportState.PUBLISHED : ImportState.FAILED;
    return new ImportCourse(
        end, total, done, lastDone, stageBegan, improvement, Objects.requireNonNull(why));
  }

  /** Time to the end of the stage at its pace so far; empty before there is one, and at the end. */
  public Optional<Duration> left(Instant now) {
    if (state.isFinal() || done == 0) {
      return Optional.empty();
    }
    double pace = Duration.between(stageBegan, now).toMillis() / (double) done;
    return Optional.of(Duration.ofMillis(Math.max(0, Math.round(pace * (total - done)))));
  }

  private void require(boolean allowed, String otherwise) {
    if (!allowed) {
      throw new IllegalStateException(
          "%s: %s, %d of %d done".formatted(otherwise, state.label(), done, total));
    }
  }
}
