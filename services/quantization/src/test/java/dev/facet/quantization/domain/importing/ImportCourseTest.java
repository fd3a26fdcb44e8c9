package dev.facet.quantization.domain.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.problem.NotFound;
import org.junit.jupiter.api.Test;

class ImportCourseTest {
  private static final TaskKey QK = new TaskKey("full", "layers.0.qk");
  private static final ImportFailure FAILURE = ImportFailure.of(new NotFound("tensor", "x"));

  @Test
  void isReadyToCompleteAfterItsLastGroupOnly() {
    ImportCourse one = ImportCourse.begin(2).groupDone(QK);
    ImportCourse two = one.groupDone(new TaskKey("full", "layers.0.v"));

    assertThat(one.readyToComplete()).isFalse();
    assertThat(two.readyToComplete()).isTrue();
    assertThat(two.done()).isEqualTo(2);
    assertThat(two.total()).isEqualTo(3);
    assertThat(two.lastDone()).isEqualTo("full/layers.0.v");
  }

  @Test
  void countsTheCompletionWhenPublished() {
    ImportCourse published = ImportCourse.begin(1).groupDone(QK).published();

    assertThat(published.state()).isEqualTo(ImportState.PUBLISHED);
    assertThat(published.done()).isEqualTo(published.total());
  }

  @Test
  void cannotBePublishedWhileGroupsAreOpen() {
    ImportCourse open = ImportCourse.begin(2).groupDone(QK);

    assertThatThrownBy(open::published).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void takesNoMoreGroupsThanItHas() {
    ImportCourse ready = ImportCourse.begin(1).groupDone(QK);

    assertThatThrownBy(() -> ready.groupDone(QK)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void keepsWhatStoppedIt() {
    ImportCourse failed = ImportCourse.begin(2).groupDone(QK).failed(FAILURE);

    assertThat(failed.state().isFinal()).isTrue();
    assertThat(failed.failure()).isEqualTo(FAILURE);
    assertThat(failed.done()).isEqualTo(1);
  }

  @Test
  void endsOnce() {
    ImportCourse failed = ImportCourse.begin(1).failed(FAILURE);
    ImportCourse published = ImportCourse.begin(1).groupDone(QK).published();

    assertThatThrownBy(() -> failed.groupDone(QK)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> failed.failed(FAILURE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> published.failed(FAILURE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(published::published).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void hasAtLeastOneGroup() {
    assertThatThrownBy(() -> ImportCourse.begin(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
