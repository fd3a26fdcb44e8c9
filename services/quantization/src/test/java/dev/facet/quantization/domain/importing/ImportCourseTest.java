package dev.facet.quantization.domain.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.problem.NotFound;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ImportCourseTest {
  private static final ImportFailure FAILURE = ImportFailure.of(new NotFound("tensor", "x"));
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
  private static final TaskKey FIRST = TaskKey.of(ImportStep.FIRST_EDITION);
  private static final TaskKey LAST = TaskKey.of(ImportStep.FINAL_EDITION);

  private static ImportTask task(long cost) {
    TaskKey key = TaskKey.coding(ImportStep.ROUNDING, "full", "layers.0.qk");
    return ImportTask.blocked(UUID.randomUUID(), new ModelId("tiny"), key, cost);
  }

  @Test
  void countsWorkByItsCost() {
    ImportCourse course = ImportCourse.begin(10, 0, BEGAN).taskDone(task(3)).taskDone(task(4));

    assertThat(course.done()).isEqualTo(7);
    assertThat(course.total()).isEqualTo(10);
    assertThat(course.lastDone()).isEqualTo("rounding full/layers.0.qk");
  }

  @Test
  void endsWithTheFirstEditionWhereThereIsNoOther() {
    ImportCourse published =
        ImportCourse.begin(10, 0, BEGAN).taskDone(task(9)).published(FIRST, BEGAN);

    assertThat(published.state()).isEqualTo(ImportState.PUBLISHED);
    assertThat(published.done()).isEqualTo(published.total());
  }

  @Test
  void goesOnToABetterEdition() {
    Instant later = BEGAN.plusSeconds(10);
    ImportCourse improving =
        ImportCourse.begin(10, 90, BEGAN).taskDone(task(9)).published(FIRST, later);

    assertThat(improving.state()).isEqualTo(ImportState.IMPROVING);
    assertThat(improving.state().label()).isEqualTo("published");
    assertThat(improving.done()).isZero();
    assertThat(improving.total()).isEqualTo(90);
    assertThat(improving.stageBegan()).isEqualTo(later);
    assertThat(improving.published(LAST, later).state()).isEqualTo(ImportState.PUBLISHED);
  }

  @Test
  void keepsWhatStoppedIt() {
    ImportCourse failed = ImportCourse.begin(10, 90, BEGAN).taskDone(task(1)).failed(FAILURE);

    assertThat(failed.state()).isEqualTo(ImportState.FAILED);
    assertThat(failed.failure()).isEqualTo(FAILURE);
    assertThat(failed.done()).isEqualTo(1);
  }

  @Test
  void anEditionThatIsPublishedStaysWhenItsImprovementFails() {
    ImportCourse failed = ImportCourse.begin(10, 90, BEGAN).published(FIRST, BEGAN).failed(FAILURE);

    assertThat(failed.state()).isEqualTo(ImportState.PUBLISHED);
    assertThat(failed.failure()).isEqualTo(FAILURE);
  }

  @Test
  void tellsTheTimeLeftFromThePaceSoFar() {
    ImportCourse course = ImportCourse.begin(100, 0, BEGAN).taskDone(task(25));

    assertThat(course.left(BEGAN.plusSeconds(10))).contains(Duration.ofSeconds(30));
    assertThat(ImportCourse.begin(100, 0, BEGAN).left(BEGAN.plusSeconds(10))).isEmpty();
    assertThat(course.published(FIRST, BEGAN).left(BEGAN.plusSeconds(10))).isEmpty();
  }

  @Test
  void endsOnce() {
    ImportCourse failed = ImportCourse.begin(1, 0, BEGAN).failed(FAILURE);
    ImportCourse published = ImportCourse.begin(1, 0, BEGAN).published(FIRST, BEGAN);

    assertThatThrownBy(() -> failed.taskDone(task(1))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> failed.failed(FAILURE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> published.failed(FAILURE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> published.published(FIRST, BEGAN))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void hasSomeWork() {
    assertThatThrownBy(() -> ImportCourse.begin(0, 0, BEGAN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
