/** The commands of {@code ./facet} that need the launcher. */
package dev.facet.local.cli;
