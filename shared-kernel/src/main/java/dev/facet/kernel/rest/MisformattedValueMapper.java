package dev.facet.kernel.rest;

import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Answers a JSON value of the wrong format as {@link MismatchedBodyMapper} does; goes before the
 * problem library's own mapper, whose words name Java types.
 */
@Provider
@Priority(MisformattedValueMapper.BEFORE_THE_LIBRARY)
public class MisformattedValueMapper implements ExceptionMapper<InvalidFormatException> {
  /** Extensions register theirs at 999, and lower goes first. */
  static final int BEFORE_THE_LIBRARY = 900;

  @Override
  public Response toResponse(InvalidFormatException misformatted) {
    return MismatchedBodyMapper.answer(misformatted);
  }
}
