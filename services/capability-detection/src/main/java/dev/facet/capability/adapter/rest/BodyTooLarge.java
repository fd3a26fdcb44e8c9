package dev.facet.capability.adapter.rest;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A request body is longer than any report or plan request needs to be. */
final class BodyTooLarge extends DomainProblem {
  BodyTooLarge(long limit) {
    super(
        "body-too-large",
        413,
        "Body too large",
        "The body may have %d bytes.".formatted(limit),
        Map.of("limit", limit));
  }
}
