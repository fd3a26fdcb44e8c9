/** The parts of the {@code facet} script that decide something. */
package dev.facet.local.shell;
