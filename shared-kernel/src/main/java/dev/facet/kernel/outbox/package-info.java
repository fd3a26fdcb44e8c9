/**
 * Transactional outbox: events are written in the transaction that changes state and told to Kafka
 * afterwards, at least once and in order.
 */
package dev.facet.kernel.outbox;
