package dev.facet.kernel.rest;

import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Answers JSON of the wrong shape (a text where a number belongs) with a problem that names the
 * place.
 */
@Provider
public class MismatchedBodyMapper implements ExceptionMapper<MismatchedInputException> {
  @Override
  public Response toResponse(MismatchedInputException mismatch) {
    return answer(mismatch);
  }

  static Response answer(MismatchedInputException mismatch) {
    String field = path(mismatch.getPath());
    String where = field.isEmpty() ? "The body" : "Field " + field;
    return HttpProblem.builder()
        .withType(URI.create("https://facet.dev/problems/malformed-body"))
        .withTitle("Malformed body")
        .withStatus(Response.Status.BAD_REQUEST)
        .withDetail(where + " is not of the kind that is expected there.")
        .with("field", field)
        .build()
        .toResponse();
  }

  private static String path(List<Reference> path) {
    return path.stream().map(MismatchedBodyMapper::step).collect(Collectors.joining("."));
  }

  private static String step(Reference reference) {
    return reference.getFieldName() != null
        ? reference.getFieldName()
        : Integer.toString(reference.getIndex());
  }
}
