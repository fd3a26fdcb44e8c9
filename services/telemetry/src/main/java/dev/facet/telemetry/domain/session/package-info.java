/** Who sends: sessions as their tokens prove them. Plain Java. */
package dev.facet.telemetry.domain.session;
