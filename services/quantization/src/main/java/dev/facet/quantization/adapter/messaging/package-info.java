/** Work that comes over Kafka, and the clocks that keep it going. */
package dev.facet.quantization.adapter.messaging;
