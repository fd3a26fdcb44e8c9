/** What operators watch: Micrometer meters. */
package dev.facet.telemetry.adapter.metrics;
