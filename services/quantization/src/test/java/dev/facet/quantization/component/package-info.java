/** The service as a whole, over real PostgreSQL; Kafka is played by in-memory channels. */
package dev.facet.quantization.component;
