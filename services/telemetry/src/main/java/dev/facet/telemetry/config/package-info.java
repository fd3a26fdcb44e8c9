/** Typed configuration, a sentence for each key. */
package dev.facet.telemetry.config;
