/**
 * What the service does: keeps what was published, makes and signs bundles, records deliveries.
 * Ports.
 */
package dev.facet.streaming.application;
