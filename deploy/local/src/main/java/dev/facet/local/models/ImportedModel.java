package dev.facet.local.models;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A model as {@code GET /v1/models/{id}} shows it, as far as the launcher cares.
 *
 * @param state {@code fetching}, {@code importing}, {@code published} or {@code failed}
 * @param done units of work done
 * @param total units of work in all; 0 while unknown
 * @param secondsLeft at the pace so far; null while unknown
 * @param improving whether it can be used while a better edition is being made
 * @param problem why it, or its improvement, failed; null otherwise
 */
public record ImportedModel(
    String id,
    String state,
    long done,
    long total,
    Long secondsLeft,
    boolean improving,
    JsonNode problem) {

  static ImportedModel read(JsonNode json) {
    JsonNode problem = json.path("problem");
    JsonNode left = json.path("progress").path("secondsLeft");
    return new ImportedModel(
        json.path("id").asText(),
        json.path("state").asText(),
        json.path("progress").path("done").asLong(),
        json.path("progress").path("total").asLong(),
        left.isNumber() ? left.asLong() : null,
        json.path("improving").asBoolean(),
        problem.isMissingNode() || problem.isNull() ? null : problem);
  }

  /** Whether its files still come from another host; done and total are bytes then. */
  public boolean fetching() {
    return state.equals("fetching");
  }

  public boolean published() {
    return state.equals("published");
  }

  /** Whether nothing better will come. */
  public boolean ended() {
    return published() && !improving;
  }

  public boolean failed() {
    return state.equals("failed");
  }
}
