/** Settings, one typed key each. */
package dev.facet.streaming.config;
