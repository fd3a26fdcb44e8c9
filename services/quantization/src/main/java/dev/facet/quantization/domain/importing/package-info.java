/**
 * The course of an import and of its tasks as pure state machines: every step takes a state and
 * gives the next one or says no. Who may take a step is decided here; that two replicas never take
 * the same step is the repositories' compare-and-set.
 */
package dev.facet.quantization.domain.importing;
