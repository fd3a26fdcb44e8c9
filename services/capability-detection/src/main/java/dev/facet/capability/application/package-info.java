/**
 * What the service does: registers profiles, keeps the catalogue, plans. Ports for what lies
 * outside.
 */
package dev.facet.capability.application;
