/** HTTP: ingest, policies, aggregates, live feed. */
package dev.facet.telemetry.adapter.rest;
