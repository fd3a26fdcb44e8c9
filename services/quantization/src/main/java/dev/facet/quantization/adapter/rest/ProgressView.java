package dev.facet.quantization.adapter.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.facet.quantization.domain.importing.ImportCourse;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Data of a server-sent event.
 *
 * @param group the task that was done last; null at first
 * @param problem left out unless the import has failed
 */
@Schema(name = "ProgressEvent")
public record ProgressView(
    String state,
    int done,
    int total,
    String group,
    @JsonInclude(JsonInclude.Include.NON_NULL) ProblemView problem) {
  static ProgressView of(ImportCourse course) {
    return new ProgressView(
        course.state().label(),
        course.done(),
        course.total(),
        course.lastDone(),
        ProblemView.of(course.failure()));
  }
}
