package dev.facet.local.models;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A model as {@code GET /v1/models/{id}} shows it, as far as the launcher cares.
 *
 * @param state {@code importing}, {@code published} or {@code failed}
 * @param done units of work done
 * @param total units of work in all; 0 while unknown
 * @param problem why it failed; null otherwise
 */
public record ImportedModel(String id, String state, long done, long total, JsonNode problem) {

  static ImportedModel read(JsonNode json) {
    JsonNode problem = json.path("problem");
    return new ImportedModel(
        json.path("id").asText(),
        json.path("state").asText(),
        json.path("progress").path("done").asLong(),
        json.path("progress").path("total").asLong(),
        problem.isMissingNode() || problem.isNull() ? null : problem);
  }

  public boolean published() {
    return state.equals("published");
  }

  public boolean failed() {
    return state.equals("failed");
  }
}
