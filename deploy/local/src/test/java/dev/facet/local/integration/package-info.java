/** The four services over the real Kafka and PostgreSQL, asked through the one origin. */
package dev.facet.local.integration;
