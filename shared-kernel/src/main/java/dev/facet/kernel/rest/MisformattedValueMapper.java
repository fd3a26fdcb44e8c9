package dev.facet.kernel.rest;

import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Answers a JSON value of the wrong format as {@link MismatchedBodyMapper} does; goes before the
 * problem library's own mapper, whose words name Java types.
 */
@Provider
@Priority(Priorities.USER - 1)
public class MisformattedValueMapper implements ExceptionMapper<InvalidFormatException> {
  @Override
  public Response toResponse(InvalidFormatException misformatted) {
    return MismatchedBodyMapper.answer(misformatted);
  }
}
