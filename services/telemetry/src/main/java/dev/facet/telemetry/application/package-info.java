/** Use cases and the ports they need. */
package dev.facet.telemetry.application;
