package dev.facet.capability.domain.plan;

/** A choice with its reason. */
record Choice<T>(T value, Reason reason) {}
