/** How much a session may send. */
package dev.facet.telemetry.adapter.limit;
