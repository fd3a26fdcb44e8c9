/** Settings, one typed key each. */
package dev.facet.capability.config;
