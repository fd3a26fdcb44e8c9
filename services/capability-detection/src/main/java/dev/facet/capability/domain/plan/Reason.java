package dev.facet.capability.domain.plan;

/**
 * Why a choice fell as it did.
 *
 * @param choice what was chosen, for example {@code backend}
 * @param value the choice
 * @param because sentences that a support engineer could send to a user
 * @param runnerUp what would have been next, null when there was nothing else
 */
public record Reason(String choice, String value, String because, String runnerUp) {}
