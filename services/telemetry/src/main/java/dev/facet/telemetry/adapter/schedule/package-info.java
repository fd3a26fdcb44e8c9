/** What happens by the clock: tuning rounds and retention. */
package dev.facet.telemetry.adapter.schedule;
