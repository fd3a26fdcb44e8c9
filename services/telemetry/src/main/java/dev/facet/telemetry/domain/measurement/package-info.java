/** What browsers send: clocks, limits and the problems of a bad batch. Plain Java. */
package dev.facet.telemetry.domain.measurement;
