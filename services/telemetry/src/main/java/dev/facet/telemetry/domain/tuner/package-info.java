/**
 * The policy loop's rules: which point the next plans of a device class should have. Plain Java.
 */
package dev.facet.telemetry.domain.tuner;
