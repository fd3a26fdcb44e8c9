/** Folding measurements into cells of model, point, device class and window. Plain Java. */
package dev.facet.telemetry.domain.aggregate;
