/** One Kafka node (broker and KRaft controller) run as its own process. */
package dev.facet.local.broker;
