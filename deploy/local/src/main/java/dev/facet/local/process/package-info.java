/** Processes of the host: starting, recognising, supervising and ending them. */
package dev.facet.local.process;
