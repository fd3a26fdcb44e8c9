/**
 * The plan solver: for one device and one model, what runs where, how precisely and in how much
 * memory, each choice with its reason. Pure and deterministic.
 */
package dev.facet.capability.domain.plan;
