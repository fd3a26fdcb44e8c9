package dev.facet.local.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** A problem (RFC 9457) that the mesh answered with, as a sentence. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int UNPROCESSABLE = 422;
  private static final int INTERNAL = 500;
  private static final int UNAVAILABLE = 503;

  private final int status;

  /** Takes the status of the response and its body, which may lack any of a problem's members. */
  ProblemException(int status, JsonNode problem) {
    super(sentence(status, problem));
    this.status = status;
  }

  /** The failure of an import, whose problem carries its own status. */
  static ProblemException ofFailure(JsonNode problem) {
    JsonNode known = problem == null ? MissingNode.getInstance() : problem;
    return new ProblemException(known.path("status").asInt(INTERNAL), known);
  }

  /** Whether the service is being restarted. */
  boolean unavailable() {
    return status == UNAVAILABLE;
  }

  /** Whether the model is sound but of a kind that this release does not run. */
  public boolean unsupported() {
    return status == UNPROCESSABLE;
  }

  private static String sentence(int status, JsonNode problem) {
    String title = problem.path("title").asText("The mesh answered " + status);
    String detail = problem.path("detail").asText("");
    StringBuilder text = new StringBuilder(detail.isEmpty() ? title : title + ": " + detail);
    for (String list : new String[] {"violations", "errors"}) {
      problem.path(list).forEach(entry -> text.append("\n    ").append(violation(entry)));
    }
    return text.toString();
  }

  private static String violation(JsonNode entry) {
    String field = entry.path("field").asText("");
    String message = entry.path("message").asText(entry.isTextual() ? entry.asText() : "");
    return field.isEmpty() ? message : field + " " + message;
  }
}
