/**
 * Events as Kafka records: JSON body, CloudEvents attributes as headers (binary mode of the Kafka
 * binding).
 */
package dev.facet.kernel.messaging;
