package dev.facet.kernel.rest;

import dev.facet.kernel.problem.DomainProblem;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;

/** Answers every {@link DomainProblem} as {@code application/problem+json} (RFC 9457). */
@Provider
public class DomainProblemMapper implements ExceptionMapper<DomainProblem> {
  @Override
  public Response toResponse(DomainProblem problem) {
    return toHttpProblem(problem).toResponse();
  }

  static HttpProblem toHttpProblem(DomainProblem problem) {
    HttpProblem.Builder builder =
        HttpProblem.builder()
            .withType(URI.create(problem.type()))
            .withTitle(problem.title())
            .withStatus(problem.status())
            .withDetail(problem.getMessage());
    problem.members().forEach(builder::with);
    problem.headers().forEach(builder::withHeader);
    return builder.build();
  }
}
