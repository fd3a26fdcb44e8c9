/** Kafka: what is told and what is heard. */
package dev.facet.telemetry.adapter.messaging;
