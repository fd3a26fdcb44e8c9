package dev.facet.capability.domain.catalogue;

import java.time.Instant;

/**
 * The tuner's word on a model and device class.
 *
 * @param point preferred point
 * @param reason the tuner's sentence
 */
public record Preference(
    String model, String deviceClass, String point, String reason, Instant decidedAt) {}
