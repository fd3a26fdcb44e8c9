package dev.facet.quantization.adapter.rest;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.facet.quantization.domain.importing.ImportFailure;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What stopped an import, in the form of RFC 9457. */
@Schema(name = "ImportProblem")
public record ProblemView(
    String type,
    String title,
    int status,
    String detail,
    @JsonAnyGetter @Schema(hidden = true) Map<String, Object> members) {
  /** The view of a failure; null for null. */
  static ProblemView of(ImportFailure failure) {
    return failure == null
        ? null
        : new ProblemView(
            failure.type(), failure.title(), failure.status(), failure.detail(), failure.members());
  }
}
