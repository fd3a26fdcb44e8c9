package dev.facet.quantization.adapter.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportState;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Data of a server-sent event.
 *
 * @param improving whether a first edition is published and a better one being made
 * @param done work done, of {@code total}, of the present stage
 * @param secondsLeft at the pace so far; null before there is one, and at the end
 * @param task the task that was done last; null at first
 * @param problem left out unless something stopped the import
 */
@Schema(name = "ProgressEvent")
public record ProgressView(
    String state,
    boolean improving,
    long done,
    long total,
    Long secondsLeft,
    String task,
    @JsonInclude(JsonInclude.Include.NON_NULL) ProblemView problem) {
  static ProgressView of(ImportCourse course) {
    return new ProgressView(
        course.state().label(),
        course.state() == ImportState.IMPROVING,
        course.done(),
        course.total(),
        course.left(Instant.now()).map(Duration::toSeconds).orElse(null),
        course.lastDone(),
        ProblemView.of(course.failure()));
  }
}
